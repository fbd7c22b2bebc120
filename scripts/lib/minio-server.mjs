import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

/** @import { MinioSource } from './minio-source.mjs' */
/**
 * Where a MinIO answers, and its keys.
 *
 * @typedef {{ endpoint: string, accessKeyId: string, secretAccessKey: string }} MinioAccess
 */

export const DEFAULT_KEYS = { accessKeyId: 'minioadmin', secretAccessKey: 'minioadmin' };

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;

/**
 * Runs a MinIO that `findMinio` found, with its output in `log`: a file descriptor, or 'inherit'. Returns at once, so
 * that the caller can kill it while it starts; `live()` waits until it answers.
 * @param {MinioSource} source
 * @param {{ port: number, folder: string, log: number | 'inherit' }} place
 */
export function runMinio(source, { port, folder, log }) {
  const { file, args, remove } = source.command({ port, folder });
  const child = spawn(file, args, { env: minioEnvironment(), stdio: ['ignore', log, log] });
  const exited = once(child, 'exit');
  const endpoint = `http://127.0.0.1:${port}`;
  const live = () => Promise.race([waitUntilLive(endpoint), exited.then(failed)]);
  const kill = () => {
    child.kill('SIGKILL');
    remove();
  };
  const stop = async () => {
    const timer = setTimeout(kill, STOP_TIMEOUT_MS);
    child.kill('SIGTERM');
    await exited;
    clearTimeout(timer);
  };
  return { endpoint, ...DEFAULT_KEYS, exited, live, kill, stop };
}

/** The caller's environment without what it says to a MinIO of its own. */
export function minioEnvironment() {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('MINIO_'));
  return {
    ...Object.fromEntries(others),
    MINIO_ROOT_USER: DEFAULT_KEYS.accessKeyId,
    MINIO_ROOT_PASSWORD: DEFAULT_KEYS.secretAccessKey,
    MINIO_BROWSER: 'off',
  };
}

/**
 * @param {unknown[]} exit
 * @returns {never}
 */
function failed([code, signal]) {
  throw new Error(`MinIO ended while starting (${signal ?? `exit code ${code}`})`);
}

/** @param {string} endpoint */
async function waitUntilLive(endpoint) {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const live = await fetch(`${endpoint}/minio/health/live`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (live) return;
    await delay(100);
  }
  throw new Error(`MinIO did not answer within ${START_TIMEOUT_MS / 1000} seconds`);
}
