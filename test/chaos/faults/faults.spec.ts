import { describeWithMinio } from '../../acceptance/support/test-minio.js';
import { SEED } from '../../support/seed.js';
import { runFaults } from './faults-run.mjs';

const TIMEOUT_MS = 120_000;

// `npm run chaos:faults` has every fault at every call.
describeWithMinio('whatever happens between the service and its store', (minio) => {
  it(
    'a SUCCESS is true, an error is clear, nothing is left, and the next upload succeeds',
    async () => {
      const results = await runFaults(minio, { seed: SEED, short: true, concurrency: 8 });
      const violations = results.flatMap(({ one, violations }) =>
        violations.map((what) => `${one.name}: ${what}`),
      );
      expect(violations).toEqual([]);
      const statuses = results.map(({ answer }) => answer.status);
      // Both ways are taken often.
      expect(statuses.filter((status) => status < 300).length).toBeGreaterThan(10);
      expect(statuses.filter((status) => status >= 500).length).toBeGreaterThan(10);
    },
    TIMEOUT_MS,
  );
});
