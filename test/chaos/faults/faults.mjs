import process from 'node:process';
import { parseArgs } from 'node:util';

import { startMinio } from '../../../scripts/minio.mjs';
import { runFaults } from './faults-run.mjs';
import { textOf } from './faults-service.mjs';
import { faultTable, faultTotals } from './faults-table.mjs';

/** @import { FaultResult } from './faults-case.mjs' */
/** @import { FaultOptions, Storage } from './faults-run.mjs' */

/** @returns {FaultOptions & { storage: Storage, verbose: boolean }} */
function settings() {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      storage: { type: 'string', default: 'external' },
      concurrency: { type: 'string', default: '6' },
      only: { type: 'string', default: '' },
      short: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
    },
  });
  const { storage } = values;
  if (storage !== 'external' && storage !== 'internal') throw new Error('--storage is external or internal');
  return { ...values, storage, seed: Number(values.seed), concurrency: Number(values.concurrency) };
}

/**
 * @param {{ verbose: boolean, seed: number, storage: string }} options
 * @returns {(result: FaultResult) => void}
 */
function reporter({ verbose, seed, storage }) {
  return ({ one, answer, seen, violations }) => {
    for (const violation of violations) {
      console.error(`${one.name} (${one.shape}): ${violation}`);
      console.error(
        `  again: npm run chaos:faults -- --seed ${seed} --storage ${storage} --only '${one.name}'`,
      );
    }
    if (verbose) console.error(`${one.name} (${one.shape}): ${textOf(answer)} ${JSON.stringify(seen)}`);
  };
}

async function main() {
  const options = settings();
  const minio = await startMinio();
  if (minio.endpoint === null) throw new Error(minio.reason);
  const start = Date.now();
  try {
    const results = await runFaults(minio, { ...options, report: reporter(options) });
    const totals = faultTotals(results);
    console.log(faultTable(results));
    console.log(
      `seed ${options.seed}, ${options.storage} storage: ${results.length} cases in ${Math.round((Date.now() - start) / 1000)} s`,
    );
    const figures = Object.entries(totals).filter(([name]) => name !== 'cases');
    console.log(figures.map(([name, count]) => `${count} ${name}`).join(', '));
    if (figures.some(([, count]) => count > 0)) process.exitCode = 1;
  } finally {
    await minio.stop();
  }
}

await main();
