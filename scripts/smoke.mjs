import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { freePort } from './lib/free-port.mjs';
import { otherNode } from './lib/other-node.mjs';
import { runCommand } from './lib/run-command.mjs';

/*
 * What a newcomer does, on a Node of his choice: install and start in a copy of these sources, upload, list, fetch, remove, stop.
 * No step may print a warning. `npm run smoke -- --node 24`
 */

const ROOT = dirname(import.meta.dirname);
const BOOKS = join(ROOT, 'test/fixtures/books.parquet');
const START_TIMEOUT_MS = 120_000;
/** What reaches the registry: its address, a proxy, a certificate of the network's own. No setting of the service. */
const NETWORK = /^(npm_config_registry|https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR))$/i;
const WARNING = /^.*(?:\bwarn(?:ing)?\b|deprecated).*$/im;

async function main() {
  const { values } = parseArgs({ options: { node: { type: 'string' } } });
  const home = mkdtempSync(join(tmpdir(), 'stagedoor-smoke-'));
  try {
    const folder = copySources(home);
    const env = await environment(values.node, home);
    console.log(`Node ${(await runCommand('node', ['--version'], { env })).trim()}`);
    expectNoWarning(
      'npm ci',
      await runCommand('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, env, withErrors: true }),
    );
    console.log('installed');
    expectNoWarning('npm start', await serve(folder, env));
    console.log('The smoke run passed.');
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** What a clone of the working tree would hold. */
function copySources(home) {
  const folder = join(home, 'stagedoor');
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
  });
  for (const file of listed.toString().split('\0').filter(Boolean))
    cpSync(join(ROOT, file), join(folder, file));
  return folder;
}

async function environment(major, home) {
  const folders = major === undefined ? [] : [await otherNode(major)];
  const path = [...folders, process.env.PATH].join(delimiter);
  const kept = Object.entries(process.env).filter(([name]) => NETWORK.test(name));
  return { ...Object.fromEntries(kept), PATH: path, HOME: process.env.HOME, TMPDIR: home };
}

/** Starts the service by the documented command, uses it, stops it; resolves to what it printed. */
async function serve(cwd, env) {
  const port = String(await freePort());
  const child = spawn('npm', ['start'], {
    cwd,
    env: { ...env, HOST: '127.0.0.1', PORT: port },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const output = [child.stdout, child.stderr].map((stream) => stream.setEncoding('utf8').toArray());
  let failure;
  try {
    const url = `http://127.0.0.1:${port}`;
    await untilHealthy(url, child);
    await useService(url);
  } catch (error) {
    failure = error;
  }
  child.kill('SIGTERM');
  const [code] = await exited;
  const printed = (await Promise.all(output)).map((chunks) => chunks.join('')).join('');
  expect(failure === undefined, `${String(failure)} npm start printed:\n${printed}`);
  expect(code === 0, `npm start ended with ${String(code)}:\n${printed}`);
  return printed;
}

async function untilHealthy(url, child) {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline && child.exitCode === null) {
    const isHealthy = await fetch(`${url}/health`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (isHealthy) return;
    await delay(100);
  }
  throw new Error('The service did not start.');
}

async function useService(url) {
  const root = ['--silent', '--show-error', '--user', 'root:'];
  const curl = (...args) => runCommand('curl', [...root, ...args]);
  const form = ['--form', `upload=@${BOOKS}`];
  const answer = JSON.parse(await curl('-H', 'stage_name:~', ...form, '-XPUT', `${url}/v1/upload_to_stage`));
  expect(answer.state === 'SUCCESS', `The upload was answered ${JSON.stringify(answer)}`);
  const sql = { sql: 'LIST @~' };
  const list = await curl('--json', JSON.stringify(sql), `${url}/v1/query`);
  expect(JSON.parse(list).data[0]?.[1] === '1090', `LIST was answered ${list}`);
  const removed = await curl('-XDELETE', `${url}/v1/stages/~/files/books.parquet`);
  expect(removed === '{"removed":1}', `The removal was answered ${removed}`);
  console.log('uploaded, listed, removed');
}

function expectNoWarning(command, printed) {
  const line = WARNING.exec(printed)?.[0];
  expect(line === undefined, `${command} printed a warning: ${String(line)}`);
}

function expect(holds, message) {
  if (!holds) throw new Error(message);
}

await main();
