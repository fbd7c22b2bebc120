import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Under Jest sources are transformed, and a thread runs none of them: it runs what is built. */
export const CHECKSUM_WORKER_URL = pathToFileURL(
  resolve(import.meta.dirname, '../../dist/src/storage/checksums/checksum-worker.js'),
);
