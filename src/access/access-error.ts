import { AppError } from '../common/app-error.js';

/** Why an action is denied. */
export type AccessErrorKind = 'PermissionDenied';

export class AccessError extends AppError<AccessErrorKind> {}
