import type { Value } from '../table.js';

/** The kind of an argument: `length` is a whole number that is not negative. */
export type ArgumentKind = 'text' | 'integer' | 'length' | 'variant' | 'key';

/** A function of values. Its result is NULL if one of its arguments is NULL. */
export interface ScalarFunction {
  readonly parameters: readonly ArgumentKind[];
  /** The number of required arguments; without it, all parameters are required. */
  readonly minArguments?: number;
  /** The last parameter may repeat. */
  readonly isVariadic?: true;
  /** Databend's name of the result's type, without Nullable. */
  readonly type: string;
  /** The result may be NULL even if no argument is. */
  readonly mayBeNull?: true;
  /** Returns the characters of the result. For functions whose result may be much longer than their arguments. */
  resultLength?(values: readonly Value[]): number;
  apply(values: readonly Value[]): Value;
}
