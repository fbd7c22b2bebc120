import { SEED } from '../../support/seed.js';
import { openKeyFsWorld } from './key-fs-world.mjs';
import { fuzzKeys, type KeyWorld } from './key-fuzzer.mjs';
import { openKeyS3World } from './key-s3-world.mjs';

const PAIRS = 400;

// `npm run fuzz:keys` tries 10,000 pairs.
describe('a name that somebody else has written', () => {
  it.each<[string, () => Promise<KeyWorld>]>([
    ['on local disk', openKeyFsWorld],
    ['in a bucket', openKeyS3World],
  ])('%s is that of one object on every route', async (_where, open) => {
    const world = await open();
    try {
      const { pairs, violations } = await fuzzKeys(world, { seed: SEED, pairs: PAIRS });
      expect(violations.map(({ text }) => text)).toEqual([]);
      expect(pairs).toBe(PAIRS);
    } finally {
      await world.close();
    }
  });
});
