import { AppError } from '../common/app-error.js';

/** Why a request is not let in, beyond what the user store says. */
export type AuthErrorKind =
  | 'NoCredentials'
  | 'MalformedCredentials'
  | 'UnsupportedScheme'
  /** An empty password from somewhere else than this machine. */
  | 'EmptyPasswordFromAfar'
  | 'TooManyAttempts'
  /** A refresh token where a session token belongs, or the other way round. */
  | 'WrongTokenType'
  | 'SessionTokenExpired'
  /** One that was never given, or was ended by a logout, a new password or the end of its user. */
  | 'SessionTokenNotFound'
  | 'RefreshTokenExpired'
  | 'RefreshTokenNotFound';

export class AuthError extends AppError<AuthErrorKind> {}
