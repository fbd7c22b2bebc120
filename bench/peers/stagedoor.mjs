import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import { freePort } from '../../scripts/lib/free-port.mjs';
import { startService } from '../load/service.mjs';

export const CREDENTIALS = 'root:bench';

/** As `npm run serve` starts it, with a password, and a log of its requests that goes to a file. */
export async function startStagedoor({
  main,
  folder,
  name = 'Stagedoor',
  settings = {},
  probeLag = false,
  profile,
}) {
  const port = await freePort();
  const host = `127.0.0.1:${port}`;
  const lagFile = join(folder, 'lag.json');
  const observed = probeLag ? { NODE_OPTIONS: probeOptions(), LAG_PROBE_FILE: lagFile } : {};
  const own = { HOST: '127.0.0.1', PORT: String(port), DATA_DIR: folder, ROOT_PASSWORD: 'bench' };
  const service = await startService({
    name,
    ...command(main, profileArguments(profile)),
    env: { PATH: process.env.PATH, HOME: folder, LOG_FORMAT: 'json', ...own, ...observed, ...settings },
    cwd: folder,
    logFile: join(folder, 'stagedoor.log'),
    healthUrl: `http://${host}/health`,
  });
  return {
    name,
    host,
    folder,
    userStage: join(folder, 'internal/stage/user/root'),
    internalStage: (stage) => join(folder, 'internal/stage/internal', stage),
    createStage: (stage) => createStage(host, stage),
    lag: () => lagSinceLastTime(service.pid, lagFile),
    ...service,
  };
}

/** A launcher takes the options for Node; builds from before it was there are a `main.js`. */
export function command(program, nodeOptions = []) {
  if (!program.endsWith('.js')) return { file: program, args: nodeOptions };
  return { file: process.execPath, args: [...nodeOptions, program] };
}

function probeOptions() {
  return `--import=${pathToFileURL(join(import.meta.dirname, '../load/lag-probe.mjs')).href}`;
}

function profileArguments(folder) {
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(folder)}`];
}

async function createStage(host, stage) {
  const headers = {
    authorization: `Basic ${Buffer.from(CREDENTIALS).toString('base64')}`,
    'content-type': 'application/json',
  };
  const answer = await fetch(`http://${host}/v1/stages`, {
    method: 'POST',
    headers,
    body: JSON.stringify(stage),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`a stage could not be created: ${text}`);
}

async function lagSinceLastTime(pid, file) {
  rmSync(file, { force: true });
  process.kill(pid, 'SIGUSR2');
  while (!existsSync(file)) await delay(20);
  return JSON.parse(readFileSync(file, 'utf8'));
}
