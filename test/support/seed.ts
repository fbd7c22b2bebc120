/** What random tests of `npm test` begin with: the same in every run, so that a failure can be repeated, unless told. */
export const SEED = Number(process.env['TEST_SEED'] ?? 1);
