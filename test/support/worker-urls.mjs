import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/* Under Jest sources are transformed, and a thread runs none of them: it runs what is built. */

export const CHECKSUM_WORKER_URL = built('checksums/checksum-worker.js');
export const WALK_WORKER_URL = built('providers/fs/read/walk-worker.js');

/** @param {string} module */
function built(module) {
  return pathToFileURL(resolve(import.meta.dirname, '../../dist/src/storage', module));
}
