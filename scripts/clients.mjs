import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { bendsql } from './lib/bendsql-build.mjs';
import { startBuiltServer } from './lib/built-server.mjs';
import { pythonClients } from './lib/clients.mjs';

const clients = join(import.meta.dirname, '../test/clients');
const report = (line) => console.error(line);

/** Each runs one of Databend's clients against a server at `host`, in an empty folder. */
const RUNS = {
  async go(host) {
    const env = { ...process.env, DATABEND_DSN: `databend+http://root:@${host}/default?sslmode=disable` };
    await run('go', ['run', '.'], { cwd: join(clients, 'go'), env });
  },
  async java(host, folder, password) {
    const jars = join(folder, 'jars');
    const copy = ['-q', '-B', '-f', join(clients, 'java/pom.xml'), 'dependency:copy-dependencies'];
    await run('mvn', [...copy, `-DoutputDirectory=${jars}`]);
    await run('java', ['-cp', `${jars}/*`, join(clients, 'java/Stages.java'), host, password]);
  },
  async python(host) {
    const { python, reason } = await pythonClients(report);
    if (reason !== undefined) throw new Error(reason);
    await run(python, [join(clients, 'python/stages.py'), host]);
  },
  async bendsql(host, folder) {
    await run(process.execPath, [join(clients, 'bendsql/stages.mjs'), await bendsql(report), host, folder]);
  },
};

async function run(file, args, options = {}) {
  const child = spawn(file, args, { ...options, stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = await once(child, 'exit').catch(() => {
    throw new Error(`${file} is not on the PATH`);
  });
  if (code !== 0) throw new Error(`${file} ended with ${code}`);
}

async function runClient(name) {
  // databend-jdbc sends no credentials at all for an empty password.
  const password = name === 'java' ? 'secret' : '';
  const folder = mkdtempSync(join(tmpdir(), `stagedoor-${name}-`));
  const server = await startBuiltServer({ ROOT_PASSWORD: password });
  try {
    await RUNS[name](server.host, folder, password);
    console.log(`${name}: all is well`);
    return true;
  } catch (error) {
    console.error(`${name}: ${error.message}`);
    return false;
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(names) {
  const chosen = names.includes('all') ? Object.keys(RUNS) : names;
  if (chosen.length === 0 || chosen.some((name) => !Object.hasOwn(RUNS, name))) {
    console.error(`npm run clients -- ${[...Object.keys(RUNS), 'all'].join(' | ')}`);
    process.exitCode = 2;
    return;
  }
  for (const name of chosen) {
    if (!(await runClient(name))) process.exitCode = 1;
  }
}

await main(process.argv.slice(2));
