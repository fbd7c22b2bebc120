import { describeWithCluster } from '../support/cluster/describe-with-cluster.js';
import { runRevocations } from './revocations-run.mjs';

const TIMEOUT_MS = 120_000;

// `npm run chaos:revocations` does it 50 times.
describeWithCluster('what is taken away on one of three servers', () => {
  it(
    'is refused by all of them from the next request on, and ends the transfers of a disabled user',
    async () => {
      const { probes, violations } = await runRevocations({ rounds: 2 });
      expect(violations).toEqual([]);
      expect(probes).toBe(54); // nine takings, three servers, two rounds
    },
    TIMEOUT_MS,
  );
});
