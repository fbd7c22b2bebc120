import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';

import { bendsql } from './lib/bendsql-build.mjs';
import { startBuiltServer } from './lib/built-server.mjs';
import { createPeople, ROOT_PASSWORD } from './lib/clients-people.mjs';
import { pythonClients } from './lib/clients.mjs';

const clients = join(import.meta.dirname, '../test/clients');
const report = (line) => console.error(line);

/** Each runs one of Databend's clients against a server, in an empty folder. */
const RUNS = {
  async go({ login }) {
    await run('go', ['run', '.', ...login], { cwd: join(clients, 'go') });
  },
  async java({ login, folder }) {
    const jars = join(folder, 'jars');
    const copy = ['-q', '-B', '-f', join(clients, 'java/pom.xml'), 'dependency:copy-dependencies'];
    await run('mvn', [...copy, `-DoutputDirectory=${jars}`]);
    await run('java', ['-cp', `${jars}/*`, join(clients, 'java/Stages.java'), ...login]);
  },
  async python({ login }) {
    const { python, reason } = await pythonClients(report);
    if (reason !== undefined) throw new Error(reason);
    await run(python, [join(clients, 'python/stages.py'), ...login]);
  },
  async bendsql({ login, folder }) {
    const script = join(clients, 'bendsql/stages.mjs');
    await run(process.execPath, [script, ...login, await bendsql(report), folder]);
  },
};

async function run(file, args, options = {}) {
  const child = spawn(file, args, { ...options, stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = await once(child, 'exit').catch(() => {
    throw new Error(`${file} is not on the PATH`);
  });
  if (code !== 0) throw new Error(`${file} ended with ${code}`);
}

async function withServers(isCluster, password, work) {
  if (isCluster) {
    // Not imported by a run on one server, which needs neither HAProxy nor PostgreSQL.
    const { withClusterOnMinio } = await import('../test/chaos/support/cluster/with-cluster.mjs');
    return withClusterOnMinio(({ url }) => work(new URL(url).host), { ROOT_PASSWORD: password });
  }
  const server = await startBuiltServer({ ROOT_PASSWORD: password });
  try {
    return await work(server.host);
  } finally {
    await server.stop();
  }
}

/** As root, as a plain user, and by that user's token, one after the other. */
async function runClient(name, isCluster) {
  // databend-jdbc sends no credentials at all for an empty password, and a proxy makes every client a remote one.
  const password = name === 'java' || isCluster ? ROOT_PASSWORD : '';
  try {
    await withServers(isCluster, password, async (host) => {
      for (const { label, user, password: own } of await createPeople(host, password)) {
        console.log(`${name} as ${label}`);
        await inFolder(name, (folder) => RUNS[name]({ login: [host, user, own], folder }));
      }
    });
    console.log(`${name}: all is well`);
    return true;
  } catch (error) {
    console.error(`${name}: ${error.message}`);
    return false;
  }
}

async function inFolder(name, work) {
  const folder = mkdtempSync(join(tmpdir(), `stagedoor-${name}-`));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(args) {
  const options = { cluster: { type: 'boolean', default: false } };
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const chosen = positionals.includes('all') ? Object.keys(RUNS) : positionals;
  if (chosen.length === 0 || chosen.some((name) => !Object.hasOwn(RUNS, name))) {
    console.error(`npm run clients -- [--cluster] ${[...Object.keys(RUNS), 'all'].join(' | ')}`);
    process.exitCode = 2;
    return;
  }
  for (const name of chosen) {
    if (!(await runClient(name, values.cluster))) process.exitCode = 1;
  }
}

await main(process.argv.slice(2));
