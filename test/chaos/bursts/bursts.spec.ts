import { platform } from 'node:os';
import { describeWithMinio } from '../../acceptance/support/test-minio.js';
import { runBursts } from './bursts-run.mjs';

const TIMEOUT_MS = 120_000;
/** The server itself takes 110 MiB, its buffers 128; what was read and not yet collected comes on top. */
const MAX_PEAK_MIB = 400;
const MAX_REST_MIB = 300;

// `npm run chaos:bursts` sends six bursts of 60 uploads.
describeWithMinio('burst after burst of uploads', (minio) => {
  it(
    'each file is stored whole, and memory stays within its bound and is given back',
    async () => {
      const plan = { bursts: 3, uploads: 30, mib: 8, restSeconds: 10 };
      const { start, peak, rest, violations } = await runBursts(minio, plan);
      expect(violations).toEqual([]);
      if (platform() === 'linux') expect(start).toBeGreaterThan(50); // it is really measured
      expect(peak).toBeLessThan(MAX_PEAK_MIB);
      expect(rest).toBeLessThan(MAX_REST_MIB);
    },
    TIMEOUT_MS,
  );
});
