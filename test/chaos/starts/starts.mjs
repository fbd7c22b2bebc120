import process from 'node:process';
import { parseArgs } from 'node:util';

import { runStarts } from './starts-run.mjs';

/** `npm run chaos:starts`: servers start at once on an empty database of PostgreSQL. */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    servers: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
  },
});
const rounds = Number(values.rounds);
const extent = { rounds, servers: Number(values.servers), seed: Number(values.seed) };
const { starts, longestMs, violations } = await runStarts({ ...extent, print: (line) => console.log(line) });
console.log(`${rounds} times ${values.servers} servers at once on an empty database: ${starts} starts`);
console.log(
  `longest until all were ready: ${(longestMs / 1000).toFixed(1)} s; violations: ${violations.length}`,
);
process.exitCode = violations.length === 0 ? 0 : 1;
