import { SealedBoxError } from './sealed-box-error.js';

/** Does `decrypt` succeed with the keys of this server? */
export function isReadable(decrypt: () => unknown): boolean {
  try {
    decrypt();
    return true;
  } catch (error) {
    if (error instanceof SealedBoxError) return false;
    throw error;
  }
}
