import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs } from 'node:util';

import { startMinio } from '../../../scripts/minio.mjs';
import { hostileNames } from './name-corpus.mjs';
import { openFsFixture } from './name-fs-fixture.mjs';
import { fuzzNames } from './name-fuzzer.mjs';
import { openS3Fixture } from './name-s3-fixture.mjs';

/** @import { HostileName } from './name-corpus.mjs' */
/** @import { NameFixture } from './name-fuzzer.mjs' */

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
 * @param {NameFixture} fixture
 * @param {readonly HostileName[]} names
 */
async function run(fixture, names) {
  const start = performance.now();
  try {
    const { requests, statuses, violations } = await fuzzNames(fixture, names);
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    console.log(`${fixture.name}: ${names.length} names, ${requests} requests in ${seconds} s`);
    console.log(`  answers by status: ${JSON.stringify(statuses)}`);
    console.log(`  read, written or removed outside of a stage, 5xx or no answer: ${violations.length}`);
    for (const violation of violations) console.log(`  ${violation}`);
    return violations.length;
  } finally {
    await fixture.close();
  }
}

/** @param {readonly HostileName[]} names */
async function runOnMinio(names) {
  const minio = await startMinio();
  if (minio.endpoint === null) throw new Error(`no MinIO: ${minio.reason}`);
  try {
    return await run(await openS3Fixture(minio), names);
  } finally {
    await minio.stop();
  }
}

async function main() {
  const { seed, random, storages } = settings();
  const names = hostileNames(seed, random);
  console.log(`seed ${seed}`);
  let violations = 0;
  if (storages.includes('fs')) violations += await run(await openFsFixture(), names);
  if (storages.includes('s3')) violations += await runOnMinio(names);
  process.exitCode = violations === 0 ? 0 : 1;
}

await main();
