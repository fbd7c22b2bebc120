import type { AppError } from './app-error.js';

/** How an error is told to a client of Databend's, and to the log. */
export interface ErrorCode {
  /** Databend's number where it has one for the case. */
  readonly code: number;
  /** Why, in a stable word of this service. */
  readonly kind: string;
  readonly log: 'error' | 'warn' | 'info' | 'debug';
}

export type ErrorCodes = (error: AppError) => ErrorCode;

/** The injection token of `ErrorCodes`: the table of the HTTP layer, for answers that carry an error under status 200. */
export const ERROR_CODES = Symbol('ERROR_CODES');
