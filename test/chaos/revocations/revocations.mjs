import process from 'node:process';
import { parseArgs } from 'node:util';

import { runRevocations } from './revocations-run.mjs';

/** `npm run chaos:revocations`: what is taken away on one of three servers is refused by all, from the next request on. */
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '50' } } });
const { taken, probes, longestEndMs, violations } = await runRevocations({ rounds: Number(values.rounds) });
console.log(`${taken} rights taken away, ${probes} requests afterwards on 3 servers`);
console.log(`running transfers of a disabled user: all ended within ${(longestEndMs / 1000).toFixed(1)} s`);
for (const violation of violations) console.log(violation);
console.log(`violations: ${violations.length}`);
process.exitCode = violations.length === 0 ? 0 : 1;
