import type { AppError } from './app-error.js';

/** Form of an error for clients of Databend, and its log level. */
export interface ErrorCode {
  /** HTTP. */
  readonly status: number;
  /** Databend's number if Databend has one for the case. */
  readonly code: number;
  /** Stable name of the reason in this service. */
  readonly kind: string;
  readonly log: 'error' | 'warn' | 'info' | 'debug';
}

export type ErrorCodes = (error: AppError) => ErrorCode;

/** Injection token of `ErrorCodes`: the table of the HTTP layer, for answers that carry an error under status 200. */
export const ERROR_CODES = Symbol('ERROR_CODES');
