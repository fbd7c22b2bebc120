import { platform } from 'node:os';
import { flood, signInAs, withServer } from './guesses-run.mjs';

const TIMEOUT_MS = 120_000;
const onLinux = platform() === 'linux' ? it : it.skip;

// `npm run chaos:guesses` takes a minute of each, and 20,000 names.
describe('wrong passwords', () => {
  it(
    'fifty a second from its own address refuse nothing to a client that works',
    async () => {
      const plan = { seconds: 5, perSecond: 50, addresses: ['127.0.0.1'] };
      const { served, failures, compared, refused } = await withServer((server) => flood(server, plan));
      expect(failures).toEqual([]);
      expect(served).toBeGreaterThan(10);
      expect(compared).toBeLessThanOrEqual(50);
      expect(refused).toBeGreaterThan(100);
    },
    TIMEOUT_MS,
  );

  // Elsewhere only 127.0.0.1 is there.
  onLinux(
    'of fifty addresses are compared for one name a hundred times in a minute at most',
    async () => {
      const addresses = Array.from({ length: 50 }, (_none, index) => `127.0.1.${String(index + 1)}`);
      const plan = { seconds: 5, perSecond: 50, addresses };
      const { failures, compared, sent } = await withServer((server) => flood(server, plan));
      expect(failures).toEqual([]);
      expect(sent).toBeGreaterThan(200);
      expect(compared).toBeLessThanOrEqual(100);
    },
    TIMEOUT_MS,
  );

  onLinux(
    'for names of 8 KB leave less than 30 MB in memory',
    async () => {
      const { growthMib, statuses } = await withServer((server) =>
        signInAs(server, { names: 1000, bytes: 8192 }),
      );
      expect(Object.keys(statuses)).toEqual(expect.arrayContaining(['401']));
      expect(growthMib).toBeLessThan(30);
    },
    TIMEOUT_MS,
  );
});
