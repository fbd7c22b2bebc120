import process from 'node:process';
import { parseArgs } from 'node:util';

import { runQuotas } from './quotas-run.mjs';

/** `npm run chaos:quotas`: uploads race for the last bytes of a quota on three servers, one of which may be killed. */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    uploads: { type: 'string', default: '200' },
    kills: { type: 'boolean', default: false },
  },
});
const extent = { rounds: Number(values.rounds), uploads: Number(values.uploads), kills: values.kills };
const { statuses, looks, violations } = await runQuotas(extent);
console.log(`answers: ${JSON.stringify(statuses)}; ${looks} listings meanwhile`);
for (const violation of violations) console.log(violation);
console.log(`violations: ${violations.length}`);
process.exitCode = violations.length === 0 ? 0 : 1;
