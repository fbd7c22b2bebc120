import { AppError } from '../common/app-error.js';

/** Why a command failed. */
export type AdminErrorKind =
  /** The arguments do not match the usage in `help`. */
  | 'Usage'
  /** The command cannot do its work here, or at the moment. */
  | 'Failed';

export class AdminError extends AppError<AdminErrorKind> {}

export function failed(message: string, cause?: unknown): AdminError {
  return new AdminError('Failed', message, { cause });
}
