import { describeWithCluster } from '../support/cluster/describe-with-cluster.js';
import { runQuotas } from './quotas-run.mjs';

const TIMEOUT_MS = 180_000;

// `npm run chaos:quotas` does it 20 times, and with `-- --kills` as often with a server that dies.
describeWithCluster('two hundred uploads that race for the last bytes of a quota on three servers', () => {
  it.each([false, true])(
    'never exceed it, and nothing acknowledged is lost; a server is killed: %s',
    async (kills) => {
      const { statuses, looks, violations } = await runQuotas({ rounds: 2, uploads: 200, kills });
      expect(violations).toEqual([]);
      expect(statuses[201]).toBeGreaterThan(20);
      expect(statuses[413]).toBeGreaterThan(20);
      expect(looks).toBeGreaterThan(2);
    },
    TIMEOUT_MS,
  );
});
