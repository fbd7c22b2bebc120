import { AppError } from '../common/app-error.js';

/** Why a user cannot sign in, or why users, roles, grants or tokens cannot be changed. */
export type UserErrorKind =
  | 'WrongPassword'
  | 'PasswordRequired'
  | 'UserDisabled'
  /** More passwords are to be hashed than the queue takes. */
  | 'TooManyAtOnce'
  | 'InvalidUserName'
  | 'UnknownUser'
  | 'UserAlreadyExists'
  /** `root`, which the settings define. */
  | 'BuiltInUser'
  /** The same, where Databend has another number. */
  | 'UnalterableUser'
  /** An option of a user with a value that it cannot have. */
  | 'InvalidUserOption'
  /** The user's own stage holds files. */
  | 'UserHasFiles'
  | 'LastAdministrator'
  | 'InvalidPassword'
  /** A new user of a type with a password, and none is given. */
  | 'PasswordNeeded'
  | 'InvalidRoleName'
  | 'UnknownRole'
  | 'RoleAlreadyExists'
  | 'BuiltInRole'
  /** A role that the user does not have, or one that would contain itself. */
  | 'InvalidRole'
  | 'IllegalGrant'
  | 'ConnectionToUser'
  | 'UnknownToken'
  | 'TokenAlreadyExists'
  | 'TooManyTokens'
  /** A name, an end or a scope that a token cannot have. */
  | 'InvalidToken';

export class UserError extends AppError<UserErrorKind> {}
