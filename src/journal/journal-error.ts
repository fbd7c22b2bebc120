import { AppError } from '../common/app-error.js';

/** Why the record of an upload cannot be used. */
export type JournalErrorKind =
  | 'UnknownUpload'
  | 'InvalidCursor'
  /** An Idempotency-Key of another request. */
  | 'IdempotencyKeyReused'
  /** The first request under the key has no answer yet. */
  | 'IdempotencyConflict';

export class JournalError extends AppError<JournalErrorKind> {}
