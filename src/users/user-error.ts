import { AppError } from '../common/app-error.js';

/** Why a user cannot sign in, or cannot be created. */
export type UserErrorKind = 'WrongPassword' | 'PasswordRequired' | 'InvalidUserName';

export class UserError extends AppError<UserErrorKind> {}
