import { Injectable } from '@nestjs/common';
import type { Quota } from '../access/quota.js';
import { SqlDatabase } from '../database/sql-database.js';
import { sql, type SqlStatement } from '../database/sql.js';
import { afterPrefix, KnownTotals, type FileTotals } from '../file-metadata/known-totals.repository.js';
import { IS_LATEST, type StagePlace } from '../file-metadata/stage-usage.js';
import type { QuotaLeft } from './quota-error.js';

/** The bytes and files of a stage, and those that running uploads have reserved. */
export interface StageUse {
  readonly bytes: number;
  readonly files: number;
  readonly reservedBytes: number;
  readonly reservedFiles: number;
  /** When its store was last asked. */
  readonly countedAt: Date;
}

type UseRow = readonly [
  bytes: number,
  files: number,
  reservedBytes: number,
  reservedFiles: number,
  countedTo: string,
  countedAt: string,
];

/**
 * Selects what each reservation of a stage adds to what the stage uses when its file is stored. A file that replaces one counts the difference
 * to what is there now: if that is removed or replaced meanwhile, the reservation grows by what becomes free.
 */
export const NEEDS = `SELECT id, CASE WHEN bytes > COALESCE(existing, 0) THEN bytes - COALESCE(existing, 0) ELSE 0 END AS bytes,
CASE WHEN existing IS NULL THEN 1 ELSE 0 END AS files
FROM (SELECT id, bytes, CASE WHEN replaces = 1 THEN (SELECT file.size FROM stored_files AS file WHERE file.store = reservation.store
AND file.object_key = reservation.object_key ORDER BY file.stored_at DESC, file.etag DESC LIMIT 1) END AS existing
FROM stage_reservations AS reservation WHERE store = ? AND prefix = ?) AS reserved`;

const USE = sql<UseRow>(`SELECT used_bytes + outside_bytes, used_files + outside_files,
CAST(needed.bytes AS BIGINT), CAST(needed.files AS BIGINT), counted_to, counted_at FROM stage_usage
CROSS JOIN (SELECT COALESCE(SUM(bytes), 0) AS bytes, COALESCE(SUM(files), 0) AS files FROM (${NEEDS}) AS needs) AS needed
WHERE store = ? AND prefix = ?`);
const RESTART =
  sql(`INSERT INTO stage_usage (store, prefix, used_bytes, used_files, outside_bytes, outside_files, counted_to, counted_at)
VALUES (?, ?, 0, 0, ?, ?, ?, ?) ON CONFLICT (store, prefix) DO UPDATE SET used_bytes = 0, used_files = 0,
outside_bytes = excluded.outside_bytes, outside_files = excluded.outside_files, counted_to = excluded.counted_to,
counted_at = excluded.counted_at`);
const COUNT_ON = sql(`UPDATE stage_usage SET counted_to = ?, (used_bytes, used_files) =
(SELECT CAST(stage_usage.used_bytes + COALESCE(SUM(file.size), 0) AS BIGINT), stage_usage.used_files + COUNT(*)
FROM stored_files AS file WHERE file.store = stage_usage.store AND file.object_key > ? AND file.object_key <= ? AND ${IS_LATEST})
WHERE store = ? AND prefix = ? AND counted_to = ?`);
const LOCK = sql(
  'UPDATE stage_usage SET used_files = used_files WHERE store = ? AND prefix = ? AND counted_to = ?',
);
const KEY_AHEAD = sql<readonly [key: string]>(
  'SELECT object_key FROM stored_files WHERE store = ? AND object_key > ? AND object_key < ? ORDER BY object_key LIMIT 1 OFFSET ?',
);
const END = sql('DELETE FROM stage_usage WHERE store = ? AND prefix = ?');

/** Records that are added up in one statement: SQLite answers nothing else meanwhile. */
const PAGE_ROWS = 5_000;

/** Stores what stages with a quota use: one row each, which changes with the records of their files. */
@Injectable()
export class StageUseRepository {
  constructor(
    private readonly database: SqlDatabase,
    private readonly totals: KnownTotals,
  ) {}

  /** @returns undefined for a stage whose use is not counted. */
  async find(place: StagePlace): Promise<StageUse | undefined> {
    const row = await this.#read(place);
    if (row === undefined) return undefined;
    const [bytes, files, reservedBytes, reservedFiles, countedTo, countedAt] = row;
    if (countedTo !== afterPrefix(place.prefix)) return this.#countedAnew(place);
    return { bytes, files, reservedBytes, reservedFiles, countedAt: new Date(countedAt) };
  }

  /** The sum of the records, for a stage whose use is not counted. */
  recorded({ store, prefix }: StagePlace): Promise<FileTotals> {
    return this.totals.below(store, prefix);
  }

  /**
   * Begins to count: `finish` adds up the records.
   *
   * @param outside what is in the store and not on record.
   */
  restart({ store, prefix }: StagePlace, outside: FileTotals): SqlStatement {
    return RESTART.with(store, prefix, outside.bytes, outside.files, prefix, new Date().toISOString());
  }

  end({ store, prefix }: StagePlace): SqlStatement {
    return END.with(store, prefix);
  }

  /** Adds up the records that are not counted yet. Several servers may do so at the same time. */
  async finish(place: StagePlace): Promise<void> {
    const { store, prefix } = place;
    const end = afterPrefix(prefix);
    for (let from = await this.#countedTo(place); from !== end;) {
      const [ahead] = await this.database.readRows(KEY_AHEAD, store, from, end, PAGE_ROWS);
      const to = ahead?.[0] ?? end;
      const lock = { ...LOCK.with(store, prefix, from), locks: `${store} ${prefix}` };
      await this.database.write([lock, COUNT_ON.with(to, from, to, store, prefix, from)]);
      from = await this.#countedTo(place);
    }
  }

  async #countedAnew(place: StagePlace): Promise<StageUse | undefined> {
    await this.finish(place);
    return this.find(place);
  }

  /** A stage that is not counted begins with no files outside. */
  async #countedTo(place: StagePlace): Promise<string> {
    const row = await this.#read(place);
    if (row !== undefined) return row[4];
    await this.database.write([this.restart(place, { bytes: 0, files: 0 })]);
    return place.prefix;
  }

  async #read({ store, prefix }: StagePlace): Promise<UseRow | undefined> {
    return (await this.database.readRows(USE, store, prefix, store, prefix))[0];
  }
}

/** @returns what is left of a quota. */
export function leftOf({ maxBytes, maxFiles }: Quota, use: StageUse): QuotaLeft {
  return {
    maxBytes,
    maxFiles,
    leftBytes: maxBytes === null ? null : Math.max(0, maxBytes - use.bytes - use.reservedBytes),
    leftFiles: maxFiles === null ? null : Math.max(0, maxFiles - use.files - use.reservedFiles),
  };
}
