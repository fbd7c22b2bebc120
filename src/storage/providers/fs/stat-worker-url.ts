/** The module that a stat thread runs. */
export const STAT_WORKER_URL = new URL('./stat-worker.js', import.meta.url);
