/** The module that the thread for passwords runs. */
export const PASSWORD_WORKER_URL = new URL('./password-worker.js', import.meta.url);
