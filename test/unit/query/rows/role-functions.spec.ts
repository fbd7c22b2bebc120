import { select } from './selected.js';

const FROM = [['a', 1, null]];

it.each([
  ["is_role_in_session('r')", '1', 'Boolean'],
  ["is_role_in_session('s')", '0', 'Boolean'],
  ["is_role_in_session('R')", '0', 'Boolean'],
  ['is_role_in_session(name)', '0', 'Boolean'],
  ['current_secondary_roles()', '{"roles":"public,r","value":"None"}', 'String'],
  ['current_available_roles()', '["public","r","s"]', 'String'],
  ['current_role()', 'public', 'String'],
  ['currentuser()', "'ann'@'%'", 'String'],
])('%s is %s', async (call, value, type) => {
  const { rows, types } = await select(`${call} FROM files`, { from: FROM });
  expect({ rows, types }).toEqual({ rows: [[value]], types: [type] });
});

it.each([
  ['is_role_in_session(1)', /takes a text here, and this is of type UInt8/],
  ['is_role_in_session(md5)', undefined],
  ['is_role_in_session()', /no function matches/],
  ["is_role_in_session('a', 'b')", /no function matches/],
  ["current_available_roles('a')", /no function matches/],
])('%s is judged', async (call, message) => {
  const asked = select(`${call} FROM files`, { from: FROM });
  if (message === undefined) expect((await asked).rows).toEqual([['0']]);
  else await expect(asked).rejects.toThrow(message);
});
