/** The module that a walk thread runs. */
export const WALK_WORKER_URL = new URL('./walk-worker.js', import.meta.url);
