import { compareValues } from './comparison.js';
import type { Compiled } from './scope.js';
import type { Row, Value } from './table.js';

/** Digits of the greatest UInt64. */
const BIGINT_DIGITS = 20;

/** A total order of rows. Rows with equal keys are ordered by their identity. */
export interface RowOrder {
  /** Returns the values that a row is ordered by; its identity comes last. A cursor holds them as JSON. */
  sortKeyOf(row: Row): readonly Value[];
  compare(left: readonly Value[], right: readonly Value[]): number;
}

export interface OrderKey {
  readonly evaluate: Compiled['evaluate'];
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

const BY_IDENTITY: Pick<OrderKey, 'descending' | 'nullsFirst'> = { descending: false, nullsFirst: false };

/** @param identity returns values that are unique to a row. */
export function rowOrder(keys: readonly OrderKey[], identity: (row: Row) => readonly Value[]): RowOrder {
  return {
    sortKeyOf: (row) => [...keys.map(({ evaluate }) => jsonValue(evaluate(row))), ...identity(row)],
    compare: (left, right) => {
      for (let index = 0; index < left.length; index++) {
        const order = compareInOrder(left[index] ?? null, right[index] ?? null, keys[index] ?? BY_IDENTITY);
        if (order !== 0) return order;
      }
      return 0;
    },
  };
}

/** Writes a bigint, which JSON cannot hold, as text. With leading zeros the texts have the same order, and follow all numbers. */
function jsonValue(value: Value): Value {
  return typeof value === 'bigint' ? String(value).padStart(BIGINT_DIGITS, '0') : value;
}

/** The position of NULL does not depend on the direction, as in Databend. */
function compareInOrder(
  left: Value,
  right: Value,
  { descending, nullsFirst }: Pick<OrderKey, 'descending' | 'nullsFirst'>,
): number {
  const order = compareValues(left, right);
  const isReversed = left === null || right === null ? nullsFirst : descending;
  return isReversed ? -order : order;
}
