import { SealedBoxError } from './sealed-box-error.js';

/** Does a key of this server open what was encrypted? */
export function isReadable(decrypt: () => unknown): boolean {
  try {
    decrypt();
    return true;
  } catch (error) {
    if (error instanceof SealedBoxError) return false;
    throw error;
  }
}
