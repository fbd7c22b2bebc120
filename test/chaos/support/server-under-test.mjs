import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

import { freePort } from '../../../scripts/lib/free-port.mjs';
import { onInterruption } from '../../../scripts/lib/interruption.mjs';

/**
 * @typedef {object} ServerOptions
 * @property {string} dataDir
 * @property {string} logFile
 * @property {Readonly<Record<string, string>>} [settings]
 * @property {number} [port] where it must come back on the same one
 */
/** @typedef {Awaited<ReturnType<typeof launchServer>>} ServerUnderTest */

const LAUNCHER = join(import.meta.dirname, '../../../bin/stagedoor');
const START_TIMEOUT_MS = 60_000;
const LOG_LINES = 15;

/**
 * Runs the built server on a data directory that outlives it, and waits for nothing. `isReady()` tells whether it got
 * ready before it ended; `exited` has its `{ code, signal }`; `kill()` is SIGKILL, and resolves when it is dead.
 * @param {ServerOptions} options
 */
export async function launchServer({ dataDir, logFile, settings = {}, port: chosenPort }) {
  const port = chosenPort ?? (await freePort());
  const own = { HOST: '127.0.0.1', PORT: String(port), DATA_DIR: dataDir, LOG_LEVEL: 'warn' };
  const env = { PATH: process.env['PATH'], HOME: tmpdir(), ...own, ...settings };
  const log = openSync(logFile, 'a');
  const child = spawn(LAUNCHER, { env, cwd: tmpdir(), stdio: ['ignore', log, log] });
  closeSync(log);
  const callOff = onInterruption(() => child.kill('SIGKILL'));
  /** @type {Promise<{ code: number | null, signal: NodeJS.Signals | null }>} */
  const exited = once(child, 'exit').then(([code, signal]) => {
    callOff();
    return { code, signal };
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    pid: child.pid,
    exited,
    isReady: () => Promise.race([untilReady(url), exited.then(() => false)]),
    signal: (/** @type {NodeJS.Signals} */ name) => child.kill(name),
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/**
 * Runs the built server and waits until it is ready.
 * @param {ServerOptions} options
 */
export async function startServer(options) {
  const server = await launchServer(options);
  if (await server.isReady()) return server;
  throw new Error(`The server did not start:\n${lastLines(options.logFile)}`);
}

/** @param {string} logFile */
export function lastLines(logFile) {
  return readFileSync(logFile, 'utf8').trim().split('\n').slice(-LOG_LINES).join('\n');
}

/** @param {string} url */
async function untilReady(url) {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const isReady = await fetch(`${url}/ready`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (isReady) return true;
    await delay(15);
  }
  return false;
}
