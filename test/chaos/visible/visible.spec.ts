import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { describeWithMinio } from '../../acceptance/support/test-minio.js';
import { canMount } from '../disk/disk-mount.mjs';
import { describeWithCluster } from '../support/cluster/describe-with-cluster.js';
import { runVisible } from './visible-run.mjs';
import { ALL_FAULTS } from './visible-scenes.mjs';
import { problemsOf } from './visible-table.mjs';

const TIMEOUT_MS = 180_000;
const AT_ONCE = 4;
const rows = readFileSync(resolve(import.meta.dirname, '../../../docs/operate/monitoring.md'), 'utf8').split(
  '\n',
);

const hasSmallDisk = canMount();
if (!hasSmallDisk) process.stderr.write('Skipped: where faults show, because a tmpfs cannot be mounted.\n');
const describeWithDisk = hasSmallDisk ? describeWithCluster : describe.skip;

// `npm run chaos:visible` has every fault of a store.
describeWithMinio('a fault', (minio) => {
  describeWithDisk('of a store, a disk or the database', () => {
    it(
      'is told by /ready, metrics, log and a trace within ten seconds, and so is its end, as the page says',
      async () => {
        const faults = ALL_FAULTS.filter(({ long }) => long !== true);
        const results = await runVisible({ faults, minio, atOnce: AT_ONCE });
        expect(results.flatMap(problemsOf)).toEqual([]);
        for (const { fault, signs } of results) {
          const row = rows.find((line) => line.startsWith(`| ${fault.name} `));
          for (const sign of [signs.metrics, signs.trace]) expect(row).toContain(` ${String(sign)} `);
        }
      },
      TIMEOUT_MS,
    );
  });
});
