import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs } from 'node:util';

import { cuts, mutations } from './form-cases.mjs';
import { fuzzForms } from './form-fuzzer.mjs';
import { describeViolation, reportOf } from './form-report.mjs';
import { startFormServer } from './form-server.mjs';

/** @import { FormCase } from './form-cases.mjs' */
/** @import { FormServer } from './form-server.mjs' */

/** `--no-cuts --seed S --first INDEX --forms 1` repeats one form. */
function settings() {
  const { values } = parseArgs({
    options: {
      forms: { type: 'string', default: '200000' },
      seed: { type: 'string', default: '1' },
      first: { type: 'string', default: '0' },
      'check-every': { type: 'string', default: '20' },
      'no-cuts': { type: 'boolean', default: false },
    },
  });
  return {
    count: Number(values.forms),
    seed: Number(values.seed),
    first: Number(values.first),
    checkEvery: Number(values['check-every']),
    withCuts: !values['no-cuts'],
  };
}

/**
 * @param {string} title
 * @param {FormServer} server
 * @param {Iterable<FormCase>} cases
 * @param {{ checkEvery: number }} options
 */
async function phase(title, server, cases, { checkEvery }) {
  const start = performance.now();
  const summary = await fuzzForms(server, cases, { checkEvery });
  console.log(`== ${title}\n${reportOf(summary, (performance.now() - start) / 1000)}`);
  for (const violation of summary.violations) console.log(`\n${describeViolation(violation)}`);
  return summary.violations.length;
}

async function main() {
  const chosen = settings();
  const server = await startFormServer();
  let violations = 0;
  try {
    if (chosen.withCuts)
      violations += await phase('cuts at every point of small forms', server, cuts(), chosen);
    violations += await phase(`mutations, seed ${chosen.seed}`, server, mutations(chosen), chosen);
  } finally {
    await server.stop();
  }
  process.exitCode = violations === 0 ? 0 : 1;
}

await main();
