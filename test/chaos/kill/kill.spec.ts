import { describeWithMinio, type TestMinio } from '../../acceptance/support/test-minio.js';
import { describeWithCluster } from '../support/cluster/describe-with-cluster.js';
import { SEED } from '../../support/seed.js';
import { runKills } from './kill-run.mjs';

const KILLS = 4;
const CLUSTER = { servers: 3, kills: 1 };
const TIMEOUT_MS = 120_000;

/** `npm run chaos:kill` does the same with hundreds of kills. */
async function keepsItsWord(minio?: TestMinio): Promise<void> {
  const tally = await runKills({
    kills: KILLS,
    seed: SEED,
    minio,
    md5: true,
    records: true,
    print: () => undefined,
  });
  expect(tally.violations).toEqual([]);
  expect(tally.kills).toBeGreaterThanOrEqual(KILLS);
  expect(tally.acknowledged).toBeGreaterThan(0);
  expect(tally.journeys).toBeGreaterThan(0);
}

describe('after each kill -9, what was acknowledged is there, nothing else shows, and nothing is left over', () => {
  it(
    'on disk',
    async () => {
      await keepsItsWord();
    },
    TIMEOUT_MS,
  );

  describeWithMinio('on MinIO', (minio) => {
    it(
      'in the bucket',
      async () => {
        await keepsItsWord(minio);
      },
      TIMEOUT_MS,
    );
  });
});

describeWithCluster('after each kill of one of three servers, and of their database', () => {
  it(
    'the same holds, while the others go on',
    async () => {
      const tally = await runKills({
        kills: 1,
        cluster: CLUSTER,
        seed: SEED,
        md5: true,
        records: true,
        print: () => undefined,
      });
      expect(tally.violations).toEqual([]);
      expect(tally.kills).toBeGreaterThanOrEqual(1);
      expect(tally.databaseKills).toBe(1);
      expect(tally.acknowledged).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );
});
