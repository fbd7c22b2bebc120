import { plain } from '../plain.js';

it.each<[string, Record<string, unknown>]>([
  ['CREATE ROLE r', { kind: 'create-role', name: 'r', ifNotExists: false }],
  ['create role if not exists R;', { kind: 'create-role', name: 'R', ifNotExists: true }],
  [
    "CREATE ROLE 'a role' COMMENT = 'c'",
    { kind: 'create-role', name: 'a role', ifNotExists: false, comment: 'c' },
  ],
  ['CREATE ROLE `a-b`', { kind: 'create-role', name: 'a-b', ifNotExists: false }],
  ['CREATE ROLE role', { kind: 'create-role', name: 'role', ifNotExists: false }],
  ["ALTER ROLE r SET COMMENT = 'c'", { kind: 'alter-role', name: 'r', ifExists: false, comment: 'c' }],
  ["ALTER ROLE r SET COMMENT = ''", { kind: 'alter-role', name: 'r', ifExists: false, comment: '' }],
  [
    'alter role if exists "a b" unset comment',
    { kind: 'alter-role', name: 'a b', ifExists: true, comment: null },
  ],
  ['DROP ROLE r', { kind: 'drop-role', name: 'r', ifExists: false }],
  ["drop role if exists 'R';", { kind: 'drop-role', name: 'R', ifExists: true }],
  ['SET ROLE r', { kind: 'set-role', role: 'r' }],
  ["set role 'A role';", { kind: 'set-role', role: 'A role' }],
  ['SET DEFAULT ROLE r', { kind: 'set-default-role', role: 'r' }],
  ['SET SECONDARY ROLES ALL', { kind: 'set-secondary-roles', roles: 'all' }],
  ['set secondary roles none;', { kind: 'set-secondary-roles', roles: 'none' }],
  ['SET SECONDARY ROLES a', { kind: 'set-secondary-roles', roles: ['a'] }],
  ["SET SECONDARY ROLES a, 'B', `none`", { kind: 'set-secondary-roles', roles: ['a', 'B', 'none'] }],
])('%s', (sql, expected) => {
  expect(plain(sql)).toEqual(expected);
});

it.each([
  ["SET role = 'r'", { role: 'r' }],
  ['SET default = 1', { default: '1' }],
  ['SET secondary = 1', { secondary: '1' }],
  ["SET SESSION role = 'r'", { role: 'r' }],
])('%s sets a setting of that name', (sql, settings) => {
  expect(plain(sql)).toEqual({ kind: 'set', settings });
});
