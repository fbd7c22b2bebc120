import { Injectable } from '@nestjs/common';
import { SqlDatabase } from '../database/sql-database.js';
import { sql, type Sql } from '../database/sql.js';
import type { Grantee } from '../users/grants/grant.repository.js';

export type NamedKind = 'stage' | 'connection';

/** A stage or connection. */
export interface NamedObject {
  readonly kind: NamedKind;
  readonly id: string;
  readonly name: string;
}

type NameRow = readonly [id: string, name: string];

const GRANTED = 'SELECT object_id FROM grants WHERE object_kind = ? AND grantee_kind = ? AND grantee_id = ?';
const GRANTED_OBJECTS: Readonly<Record<NamedKind, Sql<NameRow>>> = {
  stage: sql<NameRow>(`SELECT id, name FROM stages WHERE id IN (${GRANTED})`),
  connection: sql<NameRow>(`SELECT id, name FROM connections WHERE id IN (${GRANTED})`),
};
const OWNED_OBJECTS: Readonly<Record<NamedKind, Sql<NameRow>>> = {
  stage: sql<NameRow>('SELECT id, name FROM stages WHERE owner_role = ?'),
  connection: sql<NameRow>('SELECT id, name FROM connections WHERE owner_role = ?'),
};

/** Names the stages and connections that something has been granted on, or that a role owns. */
@Injectable()
export class GrantableNames {
  constructor(private readonly database: SqlDatabase) {}

  /** Leaves out what does not exist any more. */
  async granted(objectKind: NamedKind, { kind, id }: Grantee): Promise<readonly NamedObject[]> {
    const rows = await this.database.readRows(GRANTED_OBJECTS[objectKind], objectKind, kind, id);
    return rows.map((row) => objectOf(objectKind, row));
  }

  async owned(objectKind: NamedKind, roleId: string): Promise<readonly NamedObject[]> {
    const rows = await this.database.readRows(OWNED_OBJECTS[objectKind], roleId);
    return rows.map((row) => objectOf(objectKind, row));
  }
}

function objectOf(kind: NamedKind, [id, name]: NameRow): NamedObject {
  return { kind, id, name };
}
