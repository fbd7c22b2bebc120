import { SEED } from '../../support/seed.js';
import { openKeyFsFixture } from './key-fs-fixture.mjs';
import { fuzzKeys, type KeyFixture } from './key-fuzzer.mjs';
import { openKeyS3Fixture } from './key-s3-fixture.mjs';

const PAIRS = 400;

// `npm run fuzz:keys` tries 10,000 pairs.
describe('a name that somebody else has written', () => {
  it.each<[string, () => Promise<KeyFixture>]>([
    ['on local disk', openKeyFsFixture],
    ['in a bucket', openKeyS3Fixture],
  ])('%s is that of one object on every route', async (_where, open) => {
    const fixture = await open();
    try {
      const { pairs, violations } = await fuzzKeys(fixture, { seed: SEED, pairs: PAIRS });
      expect(violations.map(({ text }) => text)).toEqual([]);
      expect(pairs).toBe(PAIRS);
    } finally {
      await fixture.close();
    }
  });
});
