import { parseStatement } from '../../../../src/query/sql/parser.js';
import { bestTimeOf, checkStatement } from '../../../fuzz/sql/sql-check.mjs';
import { statements } from '../../../fuzz/sql/sql-generator.mjs';
import { SEED } from '../../../support/seed.js';

const COUNT = 20_000;
const MAX_MILLISECONDS = 50;

// `npm run fuzz:sql` does the same with a million.
it('random and mutated statements are parsed or refused as syntax errors, each of them soon', () => {
  let count = 0;
  let accepted = 0;
  for (const sql of statements(SEED)) {
    const result = checkStatement(parseStatement, sql);
    if (result.accepted) accepted++;
    if (result.milliseconds > MAX_MILLISECONDS) {
      expect(bestTimeOf(parseStatement, sql)).toBeLessThan(MAX_MILLISECONDS);
    }
    if (++count === COUNT) break;
  }
  // Both ways are taken often.
  expect(accepted).toBeGreaterThan(COUNT / 10);
  expect(accepted).toBeLessThan(COUNT / 2);
});
