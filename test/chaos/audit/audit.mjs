import process from 'node:process';
import { parseArgs } from 'node:util';

import { runAudit } from './audit-run.mjs';

/** `npm run chaos:audit`: the audit of three servers adds up with what was done, though one of them is killed. */
const { values } = parseArgs({ options: { seconds: { type: 'string', default: '40' } } });
const { requests, unanswered, events, lost, violations } = await runAudit({
  seconds: Number(values.seconds),
});
console.log(`${requests} requests to 3 servers, ${unanswered} without an answer; ${events} events of files`);
console.log(`reads and denials that the killed server had not written: ${lost}`);
for (const violation of violations) console.log(violation);
console.log(`violations: ${violations.length}`);
process.exitCode = violations.length === 0 ? 0 : 1;
