import { Injectable } from '@nestjs/common';
import { grantKey, type GrantableKind, type GrantSet } from '../../access/rights.js';
import { SqlDatabase } from '../../database/sql-database.js';
import { sql, type SqlStatement } from '../../database/sql.js';
import type { GranteeKind } from '../roles/role-graph.js';
import { AccessVersion } from '../version/access-version.js';
import { VersionedCache } from '../version/versioned-cache.js';

/** An object that privileges are granted on. The service has no id. */
export interface GrantedObject {
  readonly kind: GrantableKind;
  readonly id: string;
}

export interface Grantee {
  readonly kind: GranteeKind;
  readonly id: string;
}

export interface Grant {
  readonly object: GrantedObject;
  readonly privilege: string;
  readonly grantee: Grantee;
}

interface GrantRow {
  readonly object_kind: GrantableKind;
  readonly object_id: string;
  readonly privilege: string;
  readonly grantee_kind: GranteeKind;
  readonly grantee_id: string;
}

const GRANTS = 'SELECT object_kind, object_id, privilege, grantee_kind, grantee_id FROM grants';
const BY_GRANTEE = sql<GrantRow>(`${GRANTS} WHERE grantee_kind = ? AND grantee_id = ?`);
const BY_OBJECT = sql<GrantRow>(`${GRANTS} WHERE object_kind = ? AND object_id = ?`);
const ADD = sql(
  'INSERT INTO grants (object_kind, object_id, privilege, grantee_kind, grantee_id) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
);
const REMOVE = sql(
  'DELETE FROM grants WHERE object_kind = ? AND object_id = ? AND privilege = ? AND grantee_kind = ? AND grantee_id = ?',
);
const REMOVE_GRANTEE = sql('DELETE FROM grants WHERE grantee_kind = ? AND grantee_id = ?');
const REMOVE_OBJECT = sql('DELETE FROM grants WHERE object_kind = ? AND object_id = ?');
const REMEMBERED_GRANTEES = 10_000;

/** Stores which privileges users and roles have on which objects. */
@Injectable()
export class GrantRepository {
  readonly #sets = new VersionedCache<GrantSet>(REMEMBERED_GRANTEES);

  constructor(
    private readonly database: SqlDatabase,
    private readonly versions: AccessVersion,
  ) {}

  /** All privileges of a user or role, without those of its roles. */
  async setOf({ kind, id }: Grantee, version?: string): Promise<GrantSet> {
    const now = version ?? (await this.versions.current());
    return this.#sets.get(now, `${kind} ${id}`, async () => setOf(await this.ofGrantee({ kind, id })));
  }

  async ofGrantee({ kind, id }: Grantee): Promise<readonly Grant[]> {
    return (await this.database.read(BY_GRANTEE, kind, id)).map(grantOf);
  }

  async onObject({ kind, id }: GrantedObject): Promise<readonly Grant[]> {
    return (await this.database.read(BY_OBJECT, kind, id)).map(grantOf);
  }

  addition({ object, privilege, grantee }: Grant): SqlStatement {
    return ADD.with(object.kind, object.id, privilege, grantee.kind, grantee.id);
  }

  revocation({ object, privilege, grantee }: Grant): SqlStatement {
    return REMOVE.with(object.kind, object.id, privilege, grantee.kind, grantee.id);
  }
}

/** Takes all privileges from a user or role. */
export function endOfGrantsTo({ kind, id }: Grantee): SqlStatement {
  return REMOVE_GRANTEE.with(kind, id);
}

/** Ends all grants on an object that is gone. Nothing else has its id. */
export function endOfGrantsOn({ kind, id }: GrantedObject): SqlStatement {
  return REMOVE_OBJECT.with(kind, id);
}

function grantOf(row: GrantRow): Grant {
  return {
    object: { kind: row.object_kind, id: row.object_id },
    privilege: row.privilege,
    grantee: { kind: row.grantee_kind, id: row.grantee_id },
  };
}

function setOf(grants: readonly Grant[]): GrantSet {
  const set = new Map<string, Set<string>>();
  for (const { object, privilege } of grants) {
    const key = grantKey(object.kind, object.id);
    set.set(key, (set.get(key) ?? new Set()).add(privilege));
  }
  return set;
}
