/** The module that a checksum thread runs. */
export const CHECKSUM_WORKER_URL = new URL('./checksum-worker.js', import.meta.url);
