import { plain } from '../plain.js';

it.each([
  ['SHOW USERS', { kind: 'show-users' }],
  ["show users like 'a%' limit 2;", { kind: 'show-users', like: 'a%', limit: 2 }],
  ['SHOW USERS WHERE disabled', { kind: 'show-users', where: 'disabled' }],
  ['SHOW ROLES', { kind: 'show-roles' }],
  ["SHOW ROLES WHERE name = 'x' LIMIT 1", { kind: 'show-roles', where: '(name = "x")', limit: 1 }],
  ['SHOW GRANTS', { kind: 'show-grants' }],
  ["SHOW GRANTS LIKE 'x' LIMIT 1", { kind: 'show-grants', like: 'x', limit: 1 }],
  ['SHOW GRANTS FOR u', { kind: 'show-grants', for: { kind: 'user', name: 'u' } }],
  ["show grants for user 'U'@'%';", { kind: 'show-grants', for: { kind: 'user', name: 'U' } }],
  [
    "SHOW GRANTS FOR ROLE r WHERE privileges = 'Read'",
    { kind: 'show-grants', for: { kind: 'role', name: 'r' }, where: '(privileges = "Read")' },
  ],
  ['SHOW GRANTS ON STAGE "S"', { kind: 'show-grants', for: { kind: 'stage', name: 'S' } }],
  [
    'SHOW GRANTS ON CONNECTION c LIMIT 3',
    { kind: 'show-grants', for: { kind: 'connection', name: 'c' }, limit: 3 },
  ],
  ["SHOW GRANTS OF ROLE 'r'", { kind: 'show-grants', for: { kind: 'role-members', name: 'r' } }],
])('%s', (sql, expected) => {
  expect(plain(sql)).toEqual(expected);
});

it('SHOW USER FUNCTIONS is not about users', () => {
  expect(plain('SHOW USER FUNCTIONS')).toMatchObject({ kind: 'show-nothing' });
});

const ALL = { items: [{ kind: 'all' }], orderBy: [], offset: 0 };
const NAME = { kind: 'value', value: 'name', name: 'name' };

it.each<[string, Record<string, unknown>]>([
  ['SELECT * FROM system.users', { kind: 'select-users' }],
  [
    "select u.name from SYSTEM.Users as u where u.roles like 'a%' order by 1 limit 1",
    {
      kind: 'select-users',
      items: [{ ...NAME, name: 'name' }],
      where: '(roles like "a%")',
      orderBy: [{ value: '1', descending: false, nullsFirst: false }],
      limit: 1,
    },
  ],
  ['SELECT users.name FROM system.users', { kind: 'select-users', items: [NAME] }],
  [
    'SELECT count(*) FROM system.roles r',
    {
      kind: 'select-roles',
      areAvailable: false,
      items: [{ kind: 'value', value: 'count()', name: 'count(*)' }],
    },
  ],
  ['SELECT * FROM show_roles()', { kind: 'select-roles', areAvailable: true }],
  [
    "select r.name from Show_Roles ( ) as r where r.name = 'x'",
    { kind: 'select-roles', areAvailable: true, items: [NAME], where: '(name = "x")' },
  ],
  ["SELECT * FROM show_grants('role', 'r')", { kind: 'select-grants', arguments: ['role', 'r'] }],
  [
    "SELECT g.name FROM Show_Grants('table', 't', 'c', 'd') g WHERE g.name = 'x'",
    { kind: 'select-grants', arguments: ['table', 't', 'c', 'd'], items: [NAME], where: '(name = "x")' },
  ],
])('%s reads what is known of people', (sql, expected) => {
  expect(plain(sql)).toEqual({ ...ALL, ...expected });
});

it.each([
  ['SELECT DISTINCT name FROM system.users', 'SELECT with DISTINCT', 'selects'],
  ['SELECT * FROM system.roles UNION SELECT * FROM system.roles', 'SELECT with UNION', 'selects'],
  ["SELECT * FROM show_grants('user', 'u') g JOIN system.users u", 'SELECT with JOIN', 'selects'],
])('%s is still to come: %s', (sql, what, about) => {
  expect(plain(sql)).toEqual({ kind: 'not-built', what, about });
});
