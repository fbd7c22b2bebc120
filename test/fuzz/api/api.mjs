import process from 'node:process';
import { parseArgs } from 'node:util';

import { findSchemathesis, fuzzApi } from './schemathesis.mjs';

/* `npm run fuzz:api -- --seconds 600 --seed 1` */

async function main() {
  const { values } = parseArgs({
    options: { seconds: { type: 'string', default: '600' }, seed: { type: 'string', default: '1' } },
  });
  const { python, reason } = await findSchemathesis((line) => console.error(line));
  if (python === undefined) {
    console.error(reason);
    return 1;
  }
  const { passed } = await fuzzApi(python, {
    seconds: Number(values.seconds),
    seed: Number(values.seed),
    print: true,
  });
  return passed ? 0 : 1;
}

process.exitCode = await main();
