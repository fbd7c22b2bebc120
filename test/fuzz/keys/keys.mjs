import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs } from 'node:util';

import { openKeyFsFixture } from './key-fs-fixture.mjs';
import { fuzzKeys } from './key-fuzzer.mjs';
import { openKeyS3Fixture } from './key-s3-fixture.mjs';

/** @import { KeyViolation, KeyFixture } from './key-fuzzer.mjs' */

/** @type {Readonly<Record<string, () => Promise<KeyFixture>>>} */
const FIXTURES = { fs: openKeyFsFixture, s3: openKeyS3Fixture };
const SHOWN_OF_A_KIND = 5;

function settings() {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      pairs: { type: 'string', default: '10000' },
      storage: { type: 'string', default: 'fs,s3' },
    },
  });
  return { seed: Number(values.seed), pairs: Number(values.pairs), storages: values.storage.split(',') };
}

/**
 * @param {KeyFixture} fixture
 * @param {{ seed: number, pairs: number }} options
 */
async function run(fixture, options) {
  const start = performance.now();
  try {
    const { pairs, violations } = await fuzzKeys(fixture, options);
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    console.log(`${fixture.name}: ${pairs} pairs of a name and a route in ${seconds} s`);
    console.log(`  violations: ${violations.length}`);
    report(violations);
    return violations.length;
  } finally {
    await fixture.close();
  }
}

/** @param {readonly KeyViolation[]} violations */
function report(violations) {
  /** @param {KeyViolation} violation */
  const groupOf = ({ route, kind }) => `${kind}, ${route}`;
  for (const group of [...new Set(violations.map(groupOf))].sort()) {
    const members = violations.filter((violation) => groupOf(violation) === group);
    console.log(`  ${group}: ${members.length}`);
    for (const { text } of members.slice(0, SHOWN_OF_A_KIND)) console.log(`    ${text}`);
  }
}

async function main() {
  const { seed, pairs, storages } = settings();
  console.log(`seed ${seed}`);
  let violations = 0;
  for (const storage of storages) {
    const open = FIXTURES[storage];
    if (open === undefined) throw new Error('--storage is fs, s3, or both with a comma');
    violations += await run(await open(), { seed, pairs });
  }
  process.exitCode = violations === 0 ? 0 : 1;
}

await main();
