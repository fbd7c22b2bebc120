import { describeWithCluster } from '../support/cluster/describe-with-cluster.js';
import { runAudit } from './audit-run.mjs';

const TIMEOUT_MS = 120_000;

// `npm run chaos:audit` does it for longer.
describeWithCluster('the audit of three servers, one of which is killed', () => {
  it(
    'tells of each change that was answered, once, and of each read and denial but those of the last moment',
    async () => {
      const { violations, requests, events } = await runAudit({ seconds: 8 });
      expect(violations).toEqual([]);
      expect(requests).toBeGreaterThan(100);
      expect(events).toBeGreaterThan(100);
    },
    TIMEOUT_MS,
  );
});
