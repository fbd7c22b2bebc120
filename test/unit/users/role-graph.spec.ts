import { RoleGraph, type Role } from '../../../src/users/roles/role-graph.js';

const role = (name: string): Role => ({
  id: `id of ${name}`,
  name,
  comment: '',
  createdOn: new Date(0),
  updatedOn: new Date(0),
});
const builtIn = (name: string): Role => ({ ...role(name), id: name });

/** `['a', 'b']`: a contains b. */
function graphOf(...contained: readonly (readonly [string, string])[]): RoleGraph {
  const idOf = (name: string): string => (name === 'account_admin' ? name : `id of ${name}`);
  return new RoleGraph(
    [builtIn('account_admin'), role('a'), role('b'), role('c'), builtIn('public')],
    contained.map(([member, given]) => ({ roleId: idOf(given), memberId: idOf(member) })),
  );
}

const ids = (...names: readonly string[]): Set<string> => new Set(names.map((name) => `id of ${name}`));

describe('the graph of roles', () => {
  it('finds roles by name and by id', () => {
    expect(graphOf().find('a')?.id).toBe('id of a');
    expect(graphOf().get('id of b')?.name).toBe('b');
    expect([graphOf().find('id of a'), graphOf().get('a')]).toEqual([undefined, undefined]);
  });

  it('has in the closure of roles what they contain, through others too', () => {
    const graph = graphOf(['a', 'b'], ['b', 'c']);
    expect(graph.closure(['id of a'])).toEqual(ids('a', 'b', 'c'));
    expect(graph.closure(['id of b'])).toEqual(ids('b', 'c'));
    expect(graph.closure(['id of nobody'])).toEqual(ids());
    expect(graph.closure([])).toEqual(ids());
  });

  it('ends where roles contain each other', () => {
    const graph = graphOf(['a', 'b'], ['b', 'a'], ['c', 'c']);
    expect(graph.closure(['id of a'])).toEqual(ids('a', 'b'));
    expect(graph.closure(['id of c'])).toEqual(ids('c'));
  });

  it('gives the role of administrators all roles, and whoever contains it', () => {
    const all = new Set(['account_admin', 'public', ...ids('a', 'b', 'c')]);
    expect(graphOf().closure(['account_admin'])).toEqual(all);
    expect(graphOf(['a', 'account_admin']).closure(['id of a'])).toEqual(all);
  });

  it('tells of what was granted alone, that administrators were given nothing by it', () => {
    expect(graphOf(['account_admin', 'a']).grantedClosure(['account_admin'])).toEqual(
      new Set(['account_admin', 'id of a']),
    );
  });

  it('lists what a role was given itself, ordered by name', () => {
    const graph = graphOf(['a', 'c'], ['a', 'b'], ['b', 'account_admin']);
    expect(graph.grantedTo('id of a').map(({ name }) => name)).toEqual(['b', 'c']);
    expect(graph.grantedTo('account_admin')).toEqual([]);
  });
});
