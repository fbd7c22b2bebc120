import type { Value } from '../table.js';

/** What an argument must be: `length` is a whole number that is not negative. */
export type ArgumentKind = 'text' | 'integer' | 'length' | 'variant' | 'key';

/** A function that gives NULL where one of its arguments is NULL, unless it says otherwise. */
export interface ScalarFunction {
  readonly takes: readonly ArgumentKind[];
  /** So many of them must be there; without it, all. */
  readonly least?: number;
  /** The last one may come so many times. */
  readonly repeats?: true;
  /** A type name of Databend's, of a result that is not NULL. */
  readonly type: string;
  /** The result may be NULL where no argument is. */
  readonly givesNull?: true;
  /** Characters of the result, for a function whose result may be much longer than its arguments. */
  measure?(values: readonly Value[]): number;
  apply(values: readonly Value[]): Value;
}
