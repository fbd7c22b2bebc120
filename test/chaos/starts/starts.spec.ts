import { describeWithCluster } from '../support/cluster/describe-with-cluster.js';
import { SEED } from '../../support/seed.js';
import { runStarts } from './starts-run.mjs';

const TIMEOUT_MS = 120_000;

// `npm run chaos:starts` does it 50 times.
describeWithCluster('on an empty database of PostgreSQL', () => {
  it(
    'three servers that start at once get ready, and one of them migrates',
    async () => {
      const { violations } = await runStarts({ rounds: 1, servers: 3, seed: SEED, print: () => undefined });
      expect(violations).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
