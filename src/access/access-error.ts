import { AppError } from '../common/app-error.js';

/** Why a user may not do something. */
export type AccessErrorKind = 'PermissionDenied';

export class AccessError extends AppError<AccessErrorKind> {}
