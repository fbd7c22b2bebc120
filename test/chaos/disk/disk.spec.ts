import { canMount } from './disk-mount.mjs';
import { SEED } from '../../support/seed.js';
import { runDisk } from './disk-run.mjs';

const TIMEOUT_MS = 120_000;
const hasSmallDisk = canMount();
if (!hasSmallDisk) process.stderr.write('Skipped: a small disk, because a tmpfs cannot be mounted here.\n');

// `npm run chaos:disk` does the same for longer.
(hasSmallDisk ? it : it.skip)(
  'a disk that is full or read-only is told truly, and with room again the service works as before',
  async () => {
    const results = await runDisk({ seed: SEED, rounds: 2 });
    const violations = results.flatMap(({ name, violations }) =>
      violations.map((what) => `${name}: ${what}`),
    );
    expect(violations).toEqual([]);
    expect(results[0]?.statuses[507]).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);
