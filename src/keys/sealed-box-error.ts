import { AppError } from '../common/app-error.js';

/** No key of this server decrypts it, or it is damaged. */
export type SealedBoxErrorKind = 'UnreadableSecret';

export class SealedBoxError extends AppError<SealedBoxErrorKind> {}
