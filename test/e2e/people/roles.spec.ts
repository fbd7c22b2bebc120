import { startTestApp, type TestApp } from '../support/test-app.js';
import { DENIED, MALFORMED, newPerson, NO_ROLE, NO_USER, Rest } from './rest.js';

let testApp: TestApp;
let root: Rest;
let ann: Rest;

beforeAll(async () => {
  testApp = await startTestApp();
  root = new Rest(testApp);
  await root.get('POST /v1/roles', { name: 'lab', comment: 'of the lab' }, 201);
  await root.get('POST /v1/roles', { name: 'hidden' }, 201);
  ann = await newPerson(testApp, 'ann', { default_role: 'lab', roles: ['lab'] });
});

afterAll(() => testApp.close());

const LAB = {
  name: 'lab',
  is_current: true,
  is_default: true,
  comment: 'of the lab',
  inherited_roles: [],
  created_on: expect.stringMatching(/Z$/) as string,
  updated_on: expect.stringMatching(/Z$/) as string,
};

interface Roles {
  readonly roles: readonly { readonly name: string }[];
}

async function names(rest: Rest): Promise<string[]> {
  return (await rest.get<Roles>('GET /v1/roles')).roles.map(({ name }) => name);
}

describe('GET /v1/roles', () => {
  it('shows an administrator all roles, and others those that they have', async () => {
    expect(await names(root)).toEqual(['account_admin', 'hidden', 'lab', 'public']);
    const { roles } = await ann.get<Roles>('GET /v1/roles');
    expect(roles).toEqual([
      LAB,
      expect.objectContaining({ name: 'public', is_current: false, is_default: false }),
    ]);
    expect(Object.keys(roles[0] ?? {}).slice(0, 3)).toEqual(['name', 'is_current', 'is_default']);
  });

  it('says that public is the default role of who has none', async () => {
    const bob = await newPerson(testApp, 'bob');
    expect(await bob.get('GET /v1/roles')).toMatchObject({
      roles: [{ name: 'public', is_current: true, is_default: true }],
    });
  });

  it('shows one role by its name, and hides it as if it were not there', async () => {
    expect(await ann.get('GET /v1/roles/lab')).toEqual(LAB);
    expect(await root.get('GET /v1/roles/lab')).toEqual({ ...LAB, is_current: false, is_default: false });
    for (const name of ['hidden', 'nope'])
      expect(await ann.refusal(`GET /v1/roles/${name}`)).toMatchObject(NO_ROLE);
  });
});

describe('a role', () => {
  it('is created, changed and dropped', async () => {
    const created = await root.get('POST /v1/roles', { name: 'a/b c' }, 201);
    expect(created).toMatchObject({ name: 'a/b c', comment: '', inherited_roles: [] });
    expect(await root.get('PATCH /v1/roles/a%2Fb%20c', { comment: 'x' })).toMatchObject({ comment: 'x' });
    expect(await root.get('PATCH /v1/roles/a%2Fb%20c', { comment: null })).toMatchObject({ comment: '' });
    await root.done('DELETE /v1/roles/a%2Fb%20c');
    expect(await root.refusal('GET /v1/roles/a%2Fb%20c')).toMatchObject(NO_ROLE);
  });

  it('that exists is refused, or left as it is with if_not_exists', async () => {
    const again = { name: 'lab', comment: 'another' };
    expect(await root.refusal('POST /v1/roles', again)).toMatchObject({ status: 409, code: 2216 });
    const kept = await root.get('POST /v1/roles', { ...again, if_not_exists: true }, 200);
    expect(kept).toMatchObject({ comment: 'of the lab' });
  });

  it('is refused where the request is malformed, or the role built in', async () => {
    for (const body of [{}, { name: 1 }, { name: 'x', or_replace: true }, undefined])
      expect(await root.refusal('POST /v1/roles', body)).toMatchObject(MALFORMED);
    for (const body of [{}, { comment: 1 }, { name: 'x' }])
      expect(await root.refusal('PATCH /v1/roles/lab', body)).toMatchObject(MALFORMED);
    expect(await root.refusal('POST /v1/roles', { name: "it's" })).toMatchObject({ status: 400, code: 2217 });
    expect(await root.refusal('POST /v1/roles', { name: 'public' })).toMatchObject({
      status: 403,
      code: 2217,
    });
    expect(await root.refusal('DELETE /v1/roles/public')).toMatchObject({ status: 403, code: 2217 });
  });

  it('is denied to who may not change it, and hidden from who may not see it', async () => {
    expect(await ann.refusal('POST /v1/roles', { name: 'x' })).toMatchObject(DENIED);
    expect(await ann.refusal('PATCH /v1/roles/lab', { comment: 'x' })).toMatchObject(DENIED);
    expect(await ann.refusal('DELETE /v1/roles/lab')).toMatchObject(DENIED);
    expect(await ann.refusal('PATCH /v1/roles/hidden', { comment: 'x' })).toMatchObject(NO_ROLE);
    expect(await ann.refusal('DELETE /v1/roles/hidden')).toMatchObject(NO_ROLE);
  });
});

describe('the members of a role', () => {
  it('are added and removed, users and roles alike, once and again', async () => {
    await root.get('POST /v1/roles', { name: 'team' }, 201);
    for (const line of ['users/ann', 'roles/lab', 'roles/lab'])
      await root.done(`PUT /v1/roles/team/members/${line}`);
    expect(await root.get('GET /v1/roles/team/members')).toEqual({
      members: [
        { kind: 'role', name: 'lab' },
        { kind: 'user', name: 'ann' },
      ],
    });
    expect(await ann.get('GET /v1/roles/lab')).toMatchObject({ inherited_roles: ['team'] });
    for (const line of ['users/ann', 'roles/lab', 'roles/lab'])
      await root.done(`DELETE /v1/roles/team/members/${line}`);
    expect(await root.get('GET /v1/roles/team/members')).toEqual({ members: [] });
    expect(await ann.refusal('GET /v1/roles/team')).toMatchObject(NO_ROLE);
  });

  it('are shown as far as one may see them', async () => {
    await newPerson(testApp, 'cat', { roles: ['lab'] });
    expect(await ann.get('GET /v1/roles/lab/members')).toEqual({ members: [{ kind: 'user', name: 'ann' }] });
    expect(await ann.refusal('GET /v1/roles/hidden/members')).toMatchObject(NO_ROLE);
  });

  it('cannot be a circle, nor unknown, nor root', async () => {
    await root.get('POST /v1/roles', { name: 'outer' }, 201);
    await root.done('PUT /v1/roles/lab/members/roles/outer');
    expect(await root.refusal('PUT /v1/roles/outer/members/roles/lab')).toMatchObject({
      status: 400,
      code: 2206,
    });
    for (const method of ['PUT', 'DELETE']) {
      expect(await root.refusal(`${method} /v1/roles/lab/members/users/nobody`)).toMatchObject(NO_USER);
      expect(await root.refusal(`${method} /v1/roles/lab/members/roles/nope`)).toMatchObject(NO_ROLE);
      const elsewhere = await root.refusal(`${method} /v1/roles/lab/members/groups/ann`);
      expect(elsewhere).toMatchObject({ status: 404, kind: 'UnknownRoute' });
    }
    expect(await root.refusal('PUT /v1/roles/nope/members/users/ann')).toMatchObject(NO_ROLE);
    await root.done('DELETE /v1/roles/nope/members/users/ann'); // as in SQL: it is revoked already
    expect(await root.refusal('PUT /v1/roles/lab/members/users/root')).toMatchObject({ kind: 'BuiltInUser' });
  });

  it('are changed by who may grant, and by no others', async () => {
    for (const method of ['PUT', 'DELETE']) {
      expect(await ann.refusal(`${method} /v1/roles/lab/members/users/ann`)).toMatchObject(DENIED);
    }
    expect(await ann.refusal('PUT /v1/roles/hidden/members/users/ann')).toMatchObject(NO_ROLE);
    expect(await ann.refusal('DELETE /v1/roles/hidden/members/users/ann')).toMatchObject(DENIED);
    expect(await ann.refusal('DELETE /v1/roles/nowhere/members/users/ann')).toMatchObject(DENIED);
  });

  it('are all there when they were added at once', async () => {
    await root.get('POST /v1/roles', { name: 'crowd' }, 201);
    const people = Array.from({ length: 8 }, (_, at) => `p${String(at)}`);
    for (const name of people) await newPerson(testApp, name);
    await Promise.all(people.map((name) => root.done(`PUT /v1/roles/crowd/members/users/${name}`)));
    const { members } = await root.get<{ members: { name: string }[] }>('GET /v1/roles/crowd/members');
    expect(members.map(({ name }) => name)).toEqual(people);
  });
});
