import { AppError } from '../common/app-error.js';

/** Why an action is denied. */
export type AccessErrorKind =
  | 'PermissionDenied'
  /** The user must change the password before anything else. */
  | 'PasswordChangeRequired'
  /** The API token that the request came with does not reach so far. */
  | 'TokenScope';

export class AccessError extends AppError<AccessErrorKind> {}
