import { AppError } from '../common/app-error.js';

/** No key of this server decrypts the text, or the text is damaged. */
export type SealedBoxErrorKind = 'UnreadableSecret';

export class SealedBoxError extends AppError<SealedBoxErrorKind> {}
