import { sql, type SqlStatement } from '../database/sql.js';

/** Where the files of one stage are. */
export interface StagePlace {
  readonly store: string;
  /** With which all of their keys begin. */
  readonly prefix: string;
}

/** A range of keys, both ends included. */
export interface KeyRange {
  readonly first: string;
  readonly last: string;
}

/** SQL condition: of several records of a key, the latest counts. */
export const IS_LATEST = `NOT EXISTS (SELECT 1 FROM stored_files AS other WHERE other.store = file.store
AND other.object_key = file.object_key AND (other.stored_at, other.etag) > (file.stored_at, file.etag))`;

/** Waits for whoever changes it: later statements of the transaction then see all that was committed. */
const LOCK = sql('UPDATE stage_usage SET used_files = used_files WHERE store = ? AND prefix = ?');
const change = (sign: '+' | '-'): string => `UPDATE stage_usage SET (used_bytes, used_files) =
(SELECT CAST(stage_usage.used_bytes ${sign} COALESCE(SUM(file.size), 0) AS BIGINT), stage_usage.used_files ${sign} COUNT(*)
FROM stored_files AS file WHERE file.store = stage_usage.store AND file.object_key >= ? AND file.object_key <= ?
AND file.object_key <= stage_usage.counted_to AND ${IS_LATEST}) WHERE store = ? AND prefix = ?`;
const SUBTRACT = sql(change('-'));
const ADD = sql(change('+'));

/**
 * Puts a change of records between two statements that keep what the stage uses equal to the sum of its records: without the records of
 * these keys, then with what they are after the change. They change nothing for a stage whose use is not counted.
 *
 * @param keys of all records that change.
 */
export function counted(
  place: StagePlace,
  { first, last }: KeyRange,
  change: readonly SqlStatement[],
): readonly SqlStatement[] {
  const { store, prefix } = place;
  return [
    usageLock(place),
    SUBTRACT.with(first, last, store, prefix),
    ...change,
    ADD.with(first, last, store, prefix),
  ];
}

/** The first statement of each change of what a stage uses. */
export function usageLock({ store, prefix }: StagePlace): SqlStatement {
  return { ...LOCK.with(store, prefix), locks: `${store} ${prefix}` };
}
