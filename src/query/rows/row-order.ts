import { compareValues } from './comparison.js';
import type { Compiled } from './scope.js';
import type { Row, Value } from './table.js';

/** Of the greatest UInt64. */
const BIGINT_DIGITS = 20;

/** A total order of rows: where all else is equal, what tells them apart decides. */
export interface RowOrder {
  /** What a row is ordered by, what tells it apart at the end. A cursor carries it as JSON. */
  placeOf(row: Row): readonly Value[];
  compare(left: readonly Value[], right: readonly Value[]): number;
}

export interface OrderKey {
  readonly evaluate: Compiled['evaluate'];
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

const BY_IDENTITY: Pick<OrderKey, 'descending' | 'nullsFirst'> = { descending: false, nullsFirst: false };

/** @param identity what no two rows have in common. */
export function rowOrder(keys: readonly OrderKey[], identity: (row: Row) => readonly Value[]): RowOrder {
  return {
    placeOf: (row) => [...keys.map(({ evaluate }) => carried(evaluate(row))), ...identity(row)],
    compare: (left, right) => {
      for (let index = 0; index < left.length; index++) {
        const order = compareInOrder(left[index] ?? null, right[index] ?? null, keys[index] ?? BY_IDENTITY);
        if (order !== 0) return order;
      }
      return 0;
    },
  };
}

/** Sums beyond exact numbers are no JSON: with leading zeros their texts are in the same order, and behind every number. */
function carried(value: Value): Value {
  return typeof value === 'bigint' ? String(value).padStart(BIGINT_DIGITS, '0') : value;
}

/** Where NULL comes does not depend on the direction, as in Databend. */
function compareInOrder(
  left: Value,
  right: Value,
  { descending, nullsFirst }: Pick<OrderKey, 'descending' | 'nullsFirst'>,
): number {
  const order = compareValues(left, right);
  const isTurned = left === null || right === null ? nullsFirst : descending;
  return isTurned ? -order : order;
}
