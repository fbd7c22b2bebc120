import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/* Under Jest sources are transformed, and a thread runs none of them: it runs what is built. */

export const CHECKSUM_WORKER_URL = built('storage/checksums/checksum-worker.js');
export const PASSWORD_WORKER_URL = built('users/accounts/password-worker.js');
export const WALK_WORKER_URL = built('storage/providers/fs/read/walk-worker.js');

/** @param {string} module */
function built(module) {
  return pathToFileURL(resolve(import.meta.dirname, '../../dist/src', module));
}
