import { SEED } from '../../support/seed.js';
import { hostileNames } from './name-corpus.mjs';
import { openFsFixture } from './name-fs-fixture.mjs';
import { fuzzNames, type NameFixture } from './name-fuzzer.mjs';
import { openS3Fixture } from './name-s3-fixture.mjs';

const endpoint = process.env['S3_TEST_ENDPOINT'];

// `npm run fuzz:names` sends all of them.
describe('hostile names', () => {
  it('lead out of no stage on local disk', async () => {
    await expectNothingOutside(await openFsFixture(), 24);
  });

  if (endpoint !== undefined && endpoint !== '') {
    it('lead out of no stage in a bucket', async () => {
      const accessKeyId = process.env['S3_TEST_ACCESS_KEY_ID'] ?? 'minioadmin';
      const secretAccessKey = process.env['S3_TEST_SECRET_ACCESS_KEY'] ?? 'minioadmin';
      await expectNothingOutside(await openS3Fixture({ endpoint, accessKeyId, secretAccessKey }), 60);
    });
  } else if (process.env['CI'] !== undefined) {
    it('have an S3 server to be tested against: S3_TEST_ENDPOINT is set', () => {
      expect(endpoint).toBeTruthy();
    });
  } else {
    it.skip('lead out of no stage in a bucket: S3_TEST_ENDPOINT names no S3 server', () => undefined);
  }
});

/** Sends every so-manieth name, other ones in each run. */
async function expectNothingOutside(fixture: NameFixture, step: number): Promise<void> {
  const names = hostileNames(SEED, 20).filter((_, index) => index % step === SEED % step);
  try {
    const { statuses, violations } = await fuzzNames(fixture, names);
    expect(violations).toEqual([]);
    // Some names are good ones after all, and most are not.
    expect(statuses['201']).toBeGreaterThan(0);
    expect(statuses['400']).toBeGreaterThan(names.length);
  } finally {
    await fixture.close();
  }
}
