import { AppError } from '../common/app-error.js';

/** Why a presigned URL is not made, or is of no use. */
export type PresignedUrlErrorKind =
  | 'InvalidExpiry'
  | 'InvalidContentType'
  | 'InvalidMaxBytes'
  /** Cut short, changed, or signed with a key that is not in use, or not any more. */
  | 'NotSigned'
  | 'Expired'
  /** The stage is another one or none by now, or the user is gone, has another password or may not any more. */
  | 'Ended'
  /** The upload declares another content type than the one that was signed. */
  | 'WrongContentType'
  /** Idempotency keys are of the user, and not for whom the user gives a URL to. */
  | 'IdempotencyKeyRefused';

export class PresignedUrlError extends AppError<PresignedUrlErrorKind> {}
