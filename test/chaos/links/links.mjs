import process from 'node:process';
import { parseArgs } from 'node:util';

import { runLinks } from './links-run.mjs';

const SHOWN = 20;

function settings() {
  const { values } = parseArgs({
    options: { seed: { type: 'string', default: '1' }, seconds: { type: 'string', default: '60' } },
  });
  return { seed: Number(values.seed), seconds: Number(values.seconds) };
}

async function main() {
  if (process.platform !== 'linux') {
    console.error('Skipped: links that are exchanged, which takes Linux.');
    return;
  }
  const { seed, seconds } = settings();
  const { swaps, statuses, violations } = await runLinks({ seed, seconds });
  for (const violation of violations.slice(0, SHOWN)) console.error(violation);
  const counts = Object.entries(statuses)
    .sort()
    .map(([status, count]) => `${count}x ${status}`);
  console.log(`seed ${seed}: ${swaps} exchanges, ${counts.join(', ')}, ${violations.length} violations`);
  if (violations.length > 0) process.exitCode = 1;
}

await main();
