import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

import { freePort } from './free-port.mjs';
import { onInterruption } from './interruption.mjs';

const LAUNCHER = join(import.meta.dirname, '../../bin/stagedoor');
const START_TIMEOUT_MS = 30_000;

/** @typedef {Awaited<ReturnType<typeof startBuiltServer>>} BuiltServer */

/**
 * The built server on a free port of the loopback interface, with a folder of its own that goes with it.
 * @param {Readonly<Record<string, string>>} [settings]
 */
export async function startBuiltServer(settings = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'stagedoor-clients-'));
  const port = await freePort();
  const own = { HOST: '127.0.0.1', PORT: String(port), DATA_DIR: folder, LOG_LEVEL: 'error' };
  const env = { PATH: process.env['PATH'], HOME: folder, ...own, ...settings };
  const child = spawn(LAUNCHER, {
    env,
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const exited = once(child, 'exit');
  const callOff = onInterruption(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  const stop = async () => {
    callOff();
    child.kill('SIGTERM');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await Promise.race([untilHealthy(port), exited.then(ended)]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { host: `127.0.0.1:${port}`, child, stop };
}

/**
 * @param {unknown[]} exit
 * @returns {never}
 */
function ended([code]) {
  throw new Error(`The server ended with ${code}`);
}

/** @param {number} port */
async function untilHealthy(port) {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const healthy = await fetch(`http://127.0.0.1:${port}/health`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (healthy) return;
    await delay(100);
  }
  throw new Error(`The server did not answer within ${START_TIMEOUT_MS / 1000} seconds`);
}
