import { assertAvailable } from '../../../src/users/principals/principals.js';
import { isGranted } from '../../../src/access/rights.js';
import type { Principal } from '../../../src/access/principal.js';
import type { User } from '../../../src/users/accounts/user.js';
import { ofKind } from '../of-kind.js';
import { PeopleFixture, type PeopleServer } from './people-fixture.js';

let fixture: PeopleFixture;
let server: PeopleServer;
let ann: User;

beforeEach(async () => {
  fixture = await PeopleFixture.create();
  server = await fixture.server();
  await server.addRoles('a', 'b', 'c', 'inner');
  ann = await server.addUser('ann', { defaultRole: 'a' });
  await server.giveRoles(ann, 'a', 'b');
  await server.commit(server.roles.addition('inner', 'role', 'b'));
  await server.commit(server.grants.addition(readOf('stage of inner', 'role', 'inner')));
});

afterEach(() => fixture.remove());

function readOf(
  id: string,
  kind: 'user' | 'role',
  grantee: string,
): Parameters<PeopleServer['grants']['addition']>[0] {
  return { object: { kind: 'stage', id }, privilege: 'Read', grantee: { kind, id: grantee } };
}

const names = ({ roles }: Principal): string[] => roles.map(({ name }) => name);
const reads = ({ rights }: Principal, stage: string): boolean => isGranted(rights, 'Read', 'stage', stage);

async function principal(chosen: Parameters<PeopleServer['principals']['of']>[1] = {}): Promise<Principal> {
  const user = await server.users.findById(ann.id);
  if (user === null) throw new TypeError('ann is gone');
  return server.principals.of(user, chosen);
}

describe('the current role', () => {
  it('is the default role, and the others come by secondary roles', async () => {
    expect(names(await principal())).toEqual(['a', 'b', 'inner', 'public']);
    expect((await principal()).currentRole).toEqual({ id: 'a', name: 'a' });
  });

  it('is the one that the session chose, if the user has it: through another role is enough', async () => {
    expect((await principal({ role: 'b' })).currentRole.name).toBe('b');
    expect((await principal({ role: 'inner' })).currentRole.name).toBe('inner');
  });

  it.each(['c', 'nowhere', 'account_admin', ''])('is public in place of %j', async (role) => {
    expect((await principal({ role })).currentRole.name).toBe('public');
  });

  it('is public where the default role was taken away, or dropped', async () => {
    await server.commit(server.roles.revocation('a', 'user', ann.id));
    expect((await principal()).currentRole.name).toBe('public');
    await server.giveRoles(ann, 'a');
    expect((await principal()).currentRole.name).toBe('a');
    await server.commit(...server.roles.deletion('a'));
    expect(names(await principal())).toEqual(['public', 'b', 'inner']);
  });
});

describe('secondary roles', () => {
  it('are all without a choice, and give what they contain', async () => {
    expect(reads(await principal(), 'stage of inner')).toBe(true);
    expect(isGranted((await principal()).currentRights, 'Read', 'stage', 'stage of inner')).toBe(false);
  });

  it('are none if the session chose none', async () => {
    const chosen = await principal({ secondaryRoles: [] });
    expect(names(chosen)).toEqual(['a', 'public']);
    expect(reads(chosen, 'stage of inner')).toBe(false);
    expect(reads(await principal({ role: 'b', secondaryRoles: [] }), 'stage of inner')).toBe(true);
  });

  it('are those of a list that the user has', async () => {
    expect(names(await principal({ secondaryRoles: ['inner', 'c', 'account_admin', 'nowhere'] }))).toEqual([
      'a',
      'inner',
      'public',
    ]);
  });

  it('do not matter to what was granted to the user', async () => {
    await server.commit(server.grants.addition(readOf('of ann', 'user', ann.id)));
    const chosen = await principal({ secondaryRoles: [] });
    expect(reads(chosen, 'of ann')).toBe(true);
    expect(isGranted(chosen.currentRights, 'Read', 'stage', 'of ann')).toBe(true);
  });
});

describe('an administrator', () => {
  it('has all roles, and needs no grants', async () => {
    const root = await server.addUser('root', { defaultRole: 'account_admin' });
    await server.giveRoles(root, 'account_admin');
    const made = await server.principals.of(root);
    expect(names(made)).toEqual(['account_admin', 'a', 'b', 'c', 'inner', 'public']);
    expect(made.rights.grants).toEqual([]);
    const without = await server.principals.of(root, { role: 'b', secondaryRoles: [] });
    expect(names(without)).toEqual(['b', 'inner', 'public']);
    expect(reads(without, 'stage of inner')).toBe(true);
  });
});

describe('what is remembered of a principal', () => {
  it('is the same object while nothing changes, and another one after a change by any server', async () => {
    const before = await principal();
    expect(await principal()).toBe(before);
    const other = await fixture.server();
    await other.commit(other.roles.revocation('b', 'user', ann.id));
    expect(names(await principal())).toEqual(['a', 'public']);
    expect(reads(await principal(), 'stage of inner')).toBe(false);
  });

  it('follows grants, memberships of roles and the user itself', async () => {
    await principal();
    await server.commit(server.grants.addition(readOf('s', 'role', 'inner')));
    expect(reads(await principal(), 's')).toBe(true);
    await server.commit(server.roles.revocation('inner', 'role', 'b'));
    expect(reads(await principal(), 's')).toBe(false);
    await server.commit(server.users.update({ ...ann, mustChangePassword: true, defaultRole: 'b' }));
    expect(await principal()).toMatchObject({ mustChangePassword: true, currentRole: { name: 'b' } });
  });

  it('is not shared by sessions with other roles', async () => {
    const [none, all] = [await principal({ secondaryRoles: [] }), await principal()];
    expect([names(none), names(all)]).toEqual([
      ['a', 'public'],
      ['a', 'b', 'inner', 'public'],
    ]);
  });
});

describe('a session in other roles', () => {
  it('keeps the API token of the request', async () => {
    const token = { id: 't', scope: { privileges: ['Read'] } } as const;
    const asked = await server.principals.ofToken(ann, token);
    const chosen = await server.principals.inRoles(asked, { role: 'b' });
    expect(chosen).toMatchObject({ token, currentRole: { name: 'b' } });
    expect(await server.principals.inRoles(asked, {})).toBe(asked);
  });

  it('is only for roles that the user has, where it asks for one', async () => {
    const asked = await principal();
    assertAvailable(asked, 'inner');
    assertAvailable(asked, 'public');
    for (const role of ['c', 'nowhere', 'account_admin']) {
      const message = `Invalid role ${role} for current session, user: 'ann'@'%', available: a,b,inner,public`;
      expect(() => {
        assertAvailable(asked, role);
      }).toThrow(ofKind('InvalidRole', { message }));
    }
  });
});
