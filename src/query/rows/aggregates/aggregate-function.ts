import { compareValues } from '../comparison.js';
import { nullable, withoutNull } from '../literal-type.js';
import type { Compiled } from '../scope.js';
import type { Row, Value } from '../table.js';
import type { TextBudget } from './text-budget.js';

/** The state of an accumulator, in JSON values, so that a cursor can hold it. */
export type SavedState = readonly (string | number | boolean | null)[];

/** Aggregates the rows of one group. */
export interface Accumulator {
  add(row: Row): void;
  result(): Value;
  save(): SavedState;
}

/** An aggregate of a SELECT, with a valid argument. */
export interface Aggregate {
  /** A type name of Databend's. */
  readonly type: string;
  /** @param saved the state to continue from. */
  start(budget: TextBudget, saved?: SavedState): Accumulator;
}

/** @returns the aggregate, or the problem of its argument. */
export type AggregateFunction = (argument: Compiled) => Aggregate | string;

type Evaluate = Compiled['evaluate'];

/** Aggregates by Databend's names. Each has one argument. */
export const AGGREGATE_FUNCTIONS: ReadonlyMap<string, AggregateFunction> = new Map<string, AggregateFunction>(
  [
    ['count', ({ evaluate }) => counting((row) => evaluate(row) !== null)],
    ['count_if', countIf],
    ['sum', totalling('sum', { typeOf: sumType, result: ({ sum }) => sum })],
    ['avg', totalling('avg', { typeOf: () => 'Float64', result: mean })],
    ['min', (argument) => extreme(argument, (order) => order < 0)],
    ['max', (argument) => extreme(argument, (order) => order > 0)],
  ],
);

/** `count(*)` */
export const COUNT_OF_ROWS: Aggregate = counting(() => true);

function countIf({ type, evaluate }: Compiled): Aggregate | string {
  if (withoutNull(type) === 'Boolean') return counting((row) => evaluate(row) === true);
  return `the argument of count_if must be a condition, and is of type '${type}'`;
}

function counting(isCounted: (row: Row) => boolean): Aggregate {
  return {
    type: 'UInt64',
    start: (_budget, [saved] = [0]) => {
      let count = Number(saved);
      return {
        add: (row) => {
          if (isCounted(row)) count++;
        },
        result: () => count,
        save: () => [count],
      };
    },
  };
}

/** Sums whole numbers only: listings have no others. */
function totalling(
  name: string,
  { typeOf, result }: { typeOf: (argument: string) => string; result: (total: Total) => Value },
): AggregateFunction {
  return (argument) => {
    const type = withoutNull(argument.type);
    if (type === 'NULL') return extreme(argument, () => false);
    if (!/^U?Int/.test(type)) return `${name} does not support type '${argument.type}'`;
    return {
      type: nullable(typeOf(type)),
      start: (_budget, saved) => {
        const total = new Total(argument.evaluate, saved);
        return {
          add: (row) => {
            total.add(row);
          },
          result: () => result(total),
          save: () => total.save(),
        };
      },
    };
  };
}

function sumType(type: string): string {
  return type.startsWith('U') ? 'UInt64' : 'Int64';
}

function mean({ sum, count }: Total): Value {
  return sum === null ? null : Number(sum) / count;
}

/** An exact sum of whole numbers of any size. */
class Total {
  readonly #evaluate: Evaluate;
  /** The part of the sum that exceeds the safe integers. */
  #whole: bigint;
  #part = 0;
  #count: number;

  constructor(evaluate: Evaluate, [whole, count]: SavedState = ['0', 0]) {
    this.#evaluate = evaluate;
    this.#whole = BigInt(String(whole));
    this.#count = Number(count);
  }

  get count(): number {
    return this.#count;
  }

  /** Null if nothing was added. */
  get sum(): Value {
    if (this.#count === 0) return null;
    const total = this.#whole + BigInt(this.#part);
    const number = Number(total);
    return Number.isSafeInteger(number) ? number : total;
  }

  add(row: Row): void {
    const value = this.#evaluate(row);
    if (value === null) return;
    this.#count++;
    const sum = this.#part + Number(value);
    if (Number.isSafeInteger(sum)) this.#part = sum;
    else {
      this.#whole += BigInt(this.#part) + BigInt(Number(value));
      this.#part = 0;
    }
  }

  save(): SavedState {
    return [String(this.#whole + BigInt(this.#part)), this.#count];
  }
}

function extreme({ type, evaluate }: Compiled, isBetter: (order: number) => boolean): Aggregate {
  return {
    type: nullable(type),
    start: (budget, [saved] = [null]) => {
      let best: Value = saved ?? null;
      return {
        add: (row) => {
          const value = evaluate(row);
          if (value === null || (best !== null && !isBetter(compareValues(value, best)))) return;
          budget.replace(best, value);
          best = value;
        },
        result: () => best,
        // A row of a table has no bigint.
        save: () => [typeof best === 'bigint' ? String(best) : best],
      };
    },
  };
}
