import { AppError } from '../common/app-error.js';

/** Why a user is not let in, or not made. */
export type UserErrorKind = 'WrongPassword' | 'PasswordRequired' | 'InvalidUserName';

export class UserError extends AppError<UserErrorKind> {}
