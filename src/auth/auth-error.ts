import { AppError } from '../common/app-error.js';

/** Why a request is not let in, beyond what the user store says. */
export type AuthErrorKind =
  | 'NoCredentials'
  | 'MalformedCredentials'
  | 'UnsupportedScheme'
  /** An empty password from somewhere else than this machine. */
  | 'EmptyPasswordFromAfar'
  | 'TooManyAttempts';

export class AuthError extends AppError<AuthErrorKind> {}
