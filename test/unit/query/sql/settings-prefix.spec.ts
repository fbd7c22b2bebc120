import { parseStatement } from '../../../../src/query/sql/parser.js';
import { settingsAlone } from '../../../../src/query/sql/settings-prefix.js';
import { SqlError } from '../../../../src/query/sql/sql-error.js';

describe('SETTINGS before a statement', () => {
  it.each([
    ['SETTINGS (a = 1) SELECT 1', 'select-values', { a: '1' }],
    ["settings(A='x', b = -2.5, c = TRUE)\nDROP USER u;", 'drop-user', { a: 'x', b: '-2.5', c: 'true' }],
    ['SELECT 1', 'select-values', {}],
    ['COPY INTO t FROM @s', 'unsupported', {}],
    ['SETTINGS (a = 1) COPY INTO t FROM @s', 'unsupported', { a: '1' }],
  ])('%s sets what it says', (sql, kind, settings) => {
    expect(parseStatement(sql).kind).toBe(kind);
    expect(Object.fromEntries(settingsAlone(sql))).toEqual(settings);
  });

  it.each([
    'SETTINGS',
    'SETTINGS (a = 1)',
    'SETTINGS () SELECT 1',
    'SETTINGS (a) SELECT 1',
    'SETTINGS a = 1 SELECT 1',
  ])('%s is no statement', (sql) => {
    expect(() => parseStatement(sql)).toThrow(SqlError);
  });
});

it('COMMENT ON a policy is not built, and ON a table needs a warehouse', () => {
  expect(parseStatement("COMMENT ON PASSWORD POLICY p IS 'c'")).toMatchObject({
    kind: 'not-built',
    about: 'policies',
  });
  expect(parseStatement("COMMENT ON NETWORK POLICY p IS 'c'")).toMatchObject({ kind: 'not-built' });
  expect(parseStatement("COMMENT ON TABLE t IS 'c'")).toMatchObject({ kind: 'unsupported' });
});
