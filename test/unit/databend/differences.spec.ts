import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { REPOSITORY } from '../../acceptance/documents/pages.js';
import { account, type Difference, type Listed, type Rule } from '../../databend/accounting.mjs';
import { ON_PURPOSE } from '../../databend/differences.mjs';
import { lineDifferences } from '../../databend/shell/line-differences.mjs';
import { LOGIC_FILES, SHELL_SUITES } from '../../databend/suites.mjs';
import { anchorsOf } from '../documents/links.js';

const reason = { section: 'statements', words: '' };

function difference(line: number, code?: number): Difference {
  const error = code === undefined ? undefined : { code, message: '' };
  return { file: 'a.test', line, what: 'SELECT 1', expected: [], got: [], error };
}

function accounted(lines: readonly number[], onPurpose: { listed?: Listed[]; rules?: Rule[] }) {
  const differences = lines.map((line) => difference(line, 1000 + line));
  const outcome = { file: 'a.test', checks: 10, passed: 10 - lines.length, differences, notes: [] };
  const { unexpected, stale } = account(outcome, { listed: [], rules: [], ...onPurpose });
  return { unexpected: unexpected.map(({ line }) => line), stale };
}

describe('a difference', () => {
  it('that is not listed is unexpected', () => {
    const listed = [{ file: 'a.test', lines: [3], reason }];
    expect(accounted([3, 4], { listed })).toEqual({ unexpected: [4], stale: [] });
  });

  it('that is listed for another file is unexpected', () => {
    expect(accounted([3], { listed: [{ file: 'b.test', lines: [3], reason }] })).toEqual({
      unexpected: [3],
      stale: [],
    });
  });

  it('may lie in a listed range', () => {
    const listed = [{ file: 'a.test', lines: [[3, 5] as const], reason }];
    expect(accounted([3, 5, 6], { listed })).toEqual({ unexpected: [6], stale: [] });
  });

  it('may be what a rule says', () => {
    const rules = [{ name: 'a', reason, fits: ({ error }: Difference) => error?.code === 1002 }];
    expect(accounted([2, 3], { rules })).toEqual({ unexpected: [3], stale: [] });
  });

  it('that is listed and is none any more is told', () => {
    const listed = [{ file: 'a.test', lines: [3, 4, [6, 8] as const], reason }];
    expect(accounted([4], { listed })).toEqual({ unexpected: [], stale: [3, [6, 8]] });
  });
});

describe('a difference on purpose', () => {
  const pages = ['docs/unlike-databend.md', 'docs/people/unlike-databend.md'].map((path) =>
    readFileSync(join(REPOSITORY, path), 'utf8'),
  );
  const reasons = [...ON_PURPOSE.listed, ...ON_PURPOSE.rules, ...ON_PURPOSE.leftOut].map(
    (entry) => [entry.reason] as const,
  );

  it.each(reasons)('has its reason in a page about what is unlike Databend: %j', ({ section, words }) => {
    const sections = pages.flatMap((page) => page.split(/^(?=## )/m));
    expect(sections.filter((text) => anchorsOf(text)[0] === section).join('')).toContain(words);
  });

  it('is one of a file that is run', () => {
    const results = SHELL_SUITES.map(({ script }) => script.replace('.sh', '.result'));
    const files = ON_PURPOSE.listed.map(({ file }) => file);
    expect(files.filter((file) => ![...LOGIC_FILES, ...results].includes(file))).toEqual([]);
  });

  const needsWarehouse = { code: 1002, message: 'CREATE TABLE needs a warehouse. This is …' };

  it.each([
    ['create or replace table t(id int);', needsWarehouse, true],
    ['DROP DATABASE IF EXISTS a', needsWarehouse, true],
    ['grant select on default.t to role r', needsWarehouse, true],
    ['REVOKE CREATE ON a.* FROM u', needsWarehouse, true],
    ['grant select on *.* to role r', needsWarehouse, false],
    ['grant read on stage s to role r', needsWarehouse, false],
    ['create role r', needsWarehouse, false],
    ["select grants from show_grants('role', 'r')", needsWarehouse, false],
    ['create table t(id int)', { code: 1005, message: 'needs a warehouse' }, false],
    ['create table t(id int)', { code: 1002, message: 'is not built yet' }, false],
  ])('by the rule of what needs a warehouse: %s', (what, error, fits) => {
    expect(ON_PURPOSE.rules.some((rule) => rule.fits({ ...difference(1), what, error }))).toBe(fits);
  });
});

describe('the places where two outputs differ', () => {
  it.each([
    ['none', ['a', 'b'], ['a', 'b'], []],
    [
      'a line that is another one',
      ['a', 'b', 'c'],
      ['a', 'x', 'c'],
      [{ line: 2, expected: ['b'], got: ['x'] }],
    ],
    ['a line that is missing', ['a', 'b', 'c'], ['a', 'c'], [{ line: 2, expected: ['b'], got: [] }]],
    ['a line more', ['a', 'b'], ['a', 'x', 'b'], [{ line: 1, expected: [], got: ['x'] }]],
    ['a line more at the top', ['a'], ['x', 'a'], [{ line: 0, expected: [], got: ['x'] }]],
    [
      'two places',
      ['a', 'b', 'c', 'd'],
      ['b', 'c', 'y', 'z'],
      [
        { line: 1, expected: ['a'], got: [] },
        { line: 4, expected: ['d'], got: ['y', 'z'] },
      ],
    ],
    ['no output at all', ['a', 'b'], [], [{ line: 1, expected: ['a', 'b'], got: [] }]],
  ])('%s', (_, expected, got, places) => {
    expect(lineDifferences(expected, got)).toEqual(places);
  });
});
