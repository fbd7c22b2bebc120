import { describeWithMinio, type TestMinio } from '../../acceptance/support/test-minio.js';
import { SEED } from '../../support/seed.js';
import { runKills } from './kill-run.mjs';

const KILLS = 4;
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
