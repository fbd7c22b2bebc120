import { AppError } from '../common/app-error.js';

/** Why a command ended without doing what it is for. */
export type AdminErrorKind =
  /** It was called in another way than `help` says. */
  | 'Usage'
  /** It cannot do it here, or now. */
  | 'Failed';

export class AdminError extends AppError<AdminErrorKind> {}

export function failed(message: string, cause?: unknown): AdminError {
  return new AdminError('Failed', message, { cause });
}
