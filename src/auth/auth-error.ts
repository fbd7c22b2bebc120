import { AppError } from '../common/app-error.js';

/** Why authentication failed, other than by the user store. */
export type AuthErrorKind =
  | 'NoCredentials'
  | 'MalformedCredentials'
  | 'UnsupportedScheme'
  /** An empty password in a request from another machine. */
  | 'PasswordRequiredRemotely'
  | 'TooManyAttempts'
  /** A refresh token in place of a session token, or vice versa. */
  | 'WrongTokenType'
  | 'SessionTokenExpired'
  /** A token that was never issued, or was revoked by a logout, a new password or the removal of its user. */
  | 'SessionTokenNotFound'
  /** The user was disabled or dropped, or the password or token changed, while the request ran. */
  | 'OutMeanwhile'
  | 'UnknownApiToken'
  | 'ApiTokenExpired'
  | 'RefreshTokenExpired'
  | 'RefreshTokenNotFound';

export class AuthError extends AppError<AuthErrorKind> {}
