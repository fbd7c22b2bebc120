import { Injectable } from '@nestjs/common';
import { isVisible } from '../../access/access.js';
import type { Principal } from '../../access/principal.js';
import { SqlDatabase } from '../../database/sql-database.js';
import { sql } from '../../database/sql.js';

type StageRow = readonly [id: string, name: string, ownerRole: string];

const REFERRING = sql<StageRow>(
  'SELECT id, name, owner_role FROM stages WHERE connection_ref = ? ORDER BY name',
);

/** The stages that refer to a connection. */
export interface ConnectionUse {
  /** Names of those that the user may see, in order. */
  readonly stages: readonly string[];
  /** Are there others, which the user may not know? */
  readonly hasOthers: boolean;
}

/** Tells which stages refer to a connection. */
@Injectable()
export class ReferringStages {
  constructor(private readonly database: SqlDatabase) {}

  async of(connectionId: string, principal: Principal): Promise<ConnectionUse> {
    const rows = await this.database.readRows(REFERRING, connectionId);
    const visible = rows.filter(([id, name, ownerRole]) =>
      isVisible(principal, { kind: 'stage', id, name, ownerRole }),
    );
    return { stages: visible.map(([, name]) => name), hasOthers: visible.length < rows.length };
  }
}
