import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs } from 'node:util';

import { runKills } from './kill-run.mjs';
import { startOwnMinio } from '../support/own-minio.mjs';

/** @import { KillOptions } from './kill-run.mjs' */

const STORAGES = ['fs', 'minio'];

function settings() {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '300' },
      seed: { type: 'string', default: '1' },
      storage: { type: 'string', default: 'both' },
      database: { type: 'string', default: 'sqlite' },
      /** On PostgreSQL, behind HAProxy. */
      servers: { type: 'string', default: '3' },
      'database-kills': { type: 'string', default: '50' },
      /** Begin no kill after so many seconds. */
      seconds: { type: 'string', default: 'Infinity' },
      /** Do not ask for the md5 and the creator in LIST, and declare no digests. */
      'no-md5': { type: 'boolean', default: false },
      /** Do not ask what became of an upload. */
      'no-records': { type: 'boolean', default: false },
      /** Keep the folder with the data directory and the server's log. */
      keep: { type: 'boolean', default: false },
    },
  });
  const { kills, seed, storage, keep } = values;
  if (storage !== 'both' && !STORAGES.includes(storage)) throw new Error('--storage is fs, minio or both');
  const checks = { md5: !values['no-md5'], records: !values['no-records'] };
  const extent = { kills: Number(kills), seconds: Number(values.seconds), cluster: clusterOf(values) };
  return { ...extent, seed: Number(seed), keep, ...checks, storages: chosen(storage) };
}

/** @param {{ database: string, servers: string, 'database-kills': string }} values */
function clusterOf({ database, servers, 'database-kills': kills }) {
  if (database === 'sqlite') return undefined;
  if (database !== 'postgres') throw new Error('--database is sqlite or postgres');
  return { servers: Number(servers), kills: Number(kills) };
}

/** @param {string} storage */
function chosen(storage) {
  return storage === 'both' ? STORAGES : [storage];
}

/**
 * @param {string} storage
 * @param {KillOptions} options
 */
async function kill(storage, options) {
  const start = performance.now();
  const servers = options.cluster === undefined ? '' : `, ${options.cluster.servers} servers on PostgreSQL`;
  console.log(`${storage}${servers}, seed ${options.seed}:`);
  const minio = storage === 'minio' ? await startOwnMinio() : undefined;
  try {
    const tally = await runKills({ ...options, minio });
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    for (const line of [...tally.lines(), `${seconds} s`]) console.log(`  ${line}`);
    return tally.violations.length === 0 && tally.acknowledged > 0;
  } finally {
    await minio?.stop();
  }
}

async function main() {
  const { storages, ...options } = settings();
  const results = [];
  for (const storage of storages)
    results.push(await kill(storage, { ...options, print: (line) => console.log(line) }));
  if (results.includes(false)) process.exitCode = 1;
}

await main();
