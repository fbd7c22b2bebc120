import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs } from 'node:util';

import { startMinio } from '../../../scripts/minio.mjs';
import { hostileNames } from './name-corpus.mjs';
import { openFsWorld } from './name-fs-world.mjs';
import { fuzzNames } from './name-fuzzer.mjs';
import { openS3World } from './name-s3-world.mjs';

/** @import { HostileName } from './name-corpus.mjs' */
/** @import { NameWorld } from './name-fuzzer.mjs' */

function settings() {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      random: { type: 'string', default: '200' },
      storage: { type: 'string', default: 'fs,s3' },
    },
  });
  return { seed: Number(values.seed), random: Number(values.random), storages: values.storage.split(',') };
}

/**
 * @param {NameWorld} world
 * @param {readonly HostileName[]} names
 */
async function run(world, names) {
  const start = performance.now();
  try {
    const { requests, statuses, violations } = await fuzzNames(world, names);
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    console.log(`${world.name}: ${names.length} names, ${requests} requests in ${seconds} s`);
    console.log(`  answers by status: ${JSON.stringify(statuses)}`);
    console.log(`  read, written or removed outside of a stage, 5xx or no answer: ${violations.length}`);
    for (const violation of violations) console.log(`  ${violation}`);
    return violations.length;
  } finally {
    await world.close();
  }
}

/** @param {readonly HostileName[]} names */
async function runOnMinio(names) {
  const minio = await startMinio();
  if (minio.endpoint === null) throw new Error(`no MinIO: ${minio.reason}`);
  try {
    return await run(await openS3World(minio), names);
  } finally {
    await minio.stop();
  }
}

async function main() {
  const { seed, random, storages } = settings();
  const names = hostileNames(seed, random);
  console.log(`seed ${seed}`);
  let violations = 0;
  if (storages.includes('fs')) violations += await run(await openFsWorld(), names);
  if (storages.includes('s3')) violations += await runOnMinio(names);
  process.exitCode = violations === 0 ? 0 : 1;
}

await main();
