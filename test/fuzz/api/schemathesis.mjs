import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { onInterruption } from '../../../scripts/lib/interruption.mjs';
import { pythonWith } from '../../../scripts/lib/python-venv.mjs';
import { startFormServer } from '../forms/form-server.mjs';

/** Checks that a document cannot pass which says less than the server asks for: rules of names, passwords, SQL. */
const LEFT_OUT = ['positive_data_acceptance', 'ignored_auth'];

/**
 * What a run has shown.
 *
 * @typedef {object} Run
 * @property {boolean} passed
 * @property {string} output
 */

/**
 * The program in a Python of its own, made once per machine: `{ python }`, or `{ reason }` where it is not to be had.
 * @param {(line: string) => void} report
 * @returns {Promise<{ python?: string, reason?: string }>}
 */
export async function findSchemathesis(report) {
  const requirements = join(import.meta.dirname, 'requirements.txt');
  const { python, reason } = await pythonWith(requirements, 'schemathesis', report);
  return python === undefined ? { reason: reason ?? '' } : { python };
}

/**
 * Sends requests that the document allows, and others, to a server with some stages and people, and compares the answers
 * with the document.
 *
 * @param {string} python
 * @param {{ seconds: number, seed: number, print?: boolean }} options
 * @returns {Promise<Run>}
 */
export async function fuzzApi(python, { seconds, seed, print = false }) {
  // No store of a stage can be reached: that it cannot would be answered 503.
  const server = await startFormServer(() => ({ STORAGE_ENDPOINTS: 'stores.example' }));
  const folder = mkdtempSync(join(tmpdir(), 'stagedoor-schemathesis-'));
  try {
    await prepare(`http://${server.host}`);
    const args = argumentsFor(`http://${server.host}`, seconds, seed);
    const { code, output } = await run(python, args, folder, print);
    const hasEnded = server.child.exitCode !== null;
    return {
      passed: code === 0 && !hasEnded,
      output: hasEnded ? `${output}\nThe server has ended.` : output,
    };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} url
 * @param {number} seconds
 * @param {number} seed
 */
function argumentsFor(url, seconds, seed) {
  return [
    '-m',
    'schemathesis.cli',
    'run',
    `${url}/openapi.json`,
    '--header',
    `Authorization: ${AS_ROOT}`,
    '--phases=examples,coverage,fuzzing',
    '--checks=all',
    `--exclude-checks=${LEFT_OUT.join(',')}`,
    `--max-time=${seconds}`,
    '--max-examples=100000',
    '--max-failures=20',
    '--request-timeout=10',
    '--workers=1',
    `--seed=${seed}`,
  ];
}

const AS_ROOT = `Basic ${Buffer.from('root:').toString('base64')}`;

/**
 * What the examples of the document speak of.
 * @param {string} url
 */
async function prepare(url) {
  const json = { authorization: AS_ROOT, 'content-type': 'application/json' };
  /** @type {(path: string, body: object) => Promise<Response>} */
  const post = (path, body) =>
    fetch(url + path, { method: 'POST', headers: json, body: JSON.stringify(body) });
  await post('/v1/roles', { name: 'lab' });
  await post('/v1/users', { name: 'ann', auth_string: 'correct horse battery', roles: ['lab'] });
  await post('/v1/stages', { name: 'landing' });
  const file = { method: 'PUT', headers: { authorization: AS_ROOT }, body: 'id,title\n1,x\n' };
  const answer = await fetch(`${url}/v1/stages/landing/files/rows.csv`, file);
  if (answer.status !== 201) throw new Error(`The server cannot be prepared: ${await answer.text()}`);
}

/**
 * @param {string} python
 * @param {readonly string[]} args
 * @param {string} folder
 * @param {boolean} print
 */
async function run(python, args, folder, print) {
  const env = { ...process.env, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' };
  const child = spawn(python, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const callOff = onInterruption(() => child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      output += text;
      if (print) process.stdout.write(text);
    });
  }
  const [code] = await once(child, 'close');
  callOff();
  return { code, output };
}
