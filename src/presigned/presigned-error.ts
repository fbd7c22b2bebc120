import { AppError } from '../common/app-error.js';

/** Why a presigned URL is not made, or is of no use. */
export type PresignedUrlErrorKind =
  | 'InvalidExpiry'
  | 'InvalidContentType'
  | 'InvalidMaxBytes'
  /** Cut short, changed, or signed by another server. */
  | 'NotSigned'
  | 'Expired'
  /** The stage is another one or none by now, or the user is gone or may not any more. */
  | 'Ended'
  /** The upload declares another content type than the one that was signed. */
  | 'WrongContentType';

export class PresignedUrlError extends AppError<PresignedUrlErrorKind> {}
