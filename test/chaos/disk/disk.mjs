import process from 'node:process';
import { parseArgs } from 'node:util';

import { canMount } from './disk-mount.mjs';
import { runDisk } from './disk-run.mjs';

function settings() {
  const { values } = parseArgs({
    options: { seed: { type: 'string', default: '1' }, rounds: { type: 'string', default: '25' } },
  });
  return { seed: Number(values.seed), rounds: Number(values.rounds) };
}

async function main() {
  const { seed, rounds } = settings();
  if (!canMount()) {
    console.error('Skipped: a small disk, because a tmpfs cannot be mounted here.');
    process.exitCode = process.env['CI'] ? 1 : 0;
    return;
  }
  for (const { name, statuses, violations } of await runDisk({ seed, rounds })) {
    for (const violation of violations) console.error(`${name}, ${violation}`);
    const counts = Object.entries(statuses).map(([status, count]) => `${count}x${status}`);
    console.log(
      `seed ${seed}, ${name}: ${rounds} rounds, ${counts.join(' ')}, ${violations.length} violations`,
    );
    if (violations.length > 0) process.exitCode = 1;
  }
}

await main();
