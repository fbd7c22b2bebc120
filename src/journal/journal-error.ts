import { AppError } from '../common/app-error.js';

/** Why the record of an upload is of no use to who asks. */
export type JournalErrorKind =
  | 'UnknownUpload'
  /** The key of a repeated request is that of another one. */
  | 'IdempotencyKeyReused'
  /** The request that is repeated has no answer yet. */
  | 'FirstRequestRuns';

export class JournalError extends AppError<JournalErrorKind> {}
