import { SEED } from '../../support/seed.js';
import { findSchemathesis, fuzzApi } from './schemathesis.mjs';

const { python, reason } = await findSchemathesis((line) => {
  console.error(line);
});
const isMissing = python === undefined && process.env['CI'] === undefined;
if (isMissing) console.warn(`The API is not fuzzed: ${reason ?? ''}`);

// `npm run fuzz:api` takes ten minutes.
(isMissing ? it.skip : it)(
  'a minute of requests gets no 5xx, no status and no answer that the document does not say',
  async () => {
    const { passed, output } = await fuzzApi(python ?? '', { seconds: 60, seed: SEED });
    expect(output).toMatch(/passed/);
    expect(passed ? '' : output).toBe('');
  },
  150_000,
);
