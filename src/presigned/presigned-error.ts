import { AppError } from '../common/app-error.js';

/** Why a presigned URL cannot be created or used. */
export type PresignedUrlErrorKind =
  | 'InvalidExpiry'
  | 'InvalidContentType'
  | 'InvalidMaxBytes'
  /** The URL was truncated or changed, or its key is not in use any more. */
  | 'InvalidSignature'
  | 'Expired'
  /** The stage was dropped or replaced, or the user was removed, has a new password or lost the privilege. */
  | 'Revoked'
  /** The upload declares another content type than the signed one. */
  | 'WrongContentType'
  /** Idempotency keys belong to the user, not to the holder of a URL. */
  | 'IdempotencyKeyRefused';

export class PresignedUrlError extends AppError<PresignedUrlErrorKind> {}
