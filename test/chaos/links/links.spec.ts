import { SEED } from '../../support/seed.js';
import { runLinks } from './links-run.mjs';

const TIMEOUT_MS = 120_000;
const isLinux = process.platform === 'linux';
if (!isLinux) process.stderr.write('Skipped: links that are exchanged, which takes Linux.\n');

// `npm run chaos:links` does the same for longer.
(isLinux ? it : it.skip)(
  'whoever exchanges directories of a stage for links gets nothing outside read, written, removed or listed',
  async () => {
    const { swaps, statuses, violations } = await runLinks({ seed: SEED, seconds: 4 });
    expect(violations).toEqual([]);
    expect(swaps).toBeGreaterThan(100);
    expect(Object.keys(statuses)).toEqual(expect.arrayContaining(['GET 200', 'PUT 201', 'LIST 200']));
  },
  TIMEOUT_MS,
);
