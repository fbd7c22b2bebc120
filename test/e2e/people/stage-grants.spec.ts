import { OPERATOR } from '../../../src/access/principal.js';
import { GrantCatalog } from '../../../src/people/grants/grant-catalog.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { DENIED, MALFORMED, newPerson, NO_ROLE, NO_STAGE, NO_USER, Rest } from './rest.js';

let testApp: TestApp;
let root: Rest;
/** May create stages, in the role `lab`. */
let ann: Rest;
/** Has no role. */
let bob: Rest;

beforeAll(async () => {
  testApp = await startTestApp();
  root = new Rest(testApp);
  for (const name of ['lab', 'readers', 'other']) await root.get('POST /v1/roles', { name }, 201);
  const service = { on: 'service', privileges: ['CREATE STAGE'] } as const;
  await testApp.app.get(GrantCatalog).grant(service, { kind: 'role', name: 'lab' }, OPERATOR);
  ann = await newPerson(testApp, 'ann', { default_role: 'lab', roles: ['lab', 'other'] });
  bob = await newPerson(testApp, 'bob');
  await ann.get('POST /v1/stages', { name: 'probes' }, 201);
});

afterAll(() => testApp.close());

const GRANTS = '/v1/stages/probes/grants';

describe('the grants of a stage', () => {
  it('are none for a new stage, which belongs to the role that made it', async () => {
    expect(await ann.get(`GET ${GRANTS}`)).toEqual({ owner: 'lab', grants: [] });
  });

  it('are set as a whole for a user or role, and bite on the next request', async () => {
    await ann.done(`PUT ${GRANTS}/users/bob`, { privileges: ['WRITE', 'READ'] });
    await ann.done(`PUT ${GRANTS}/roles/readers`, { privileges: ['READ'] });
    expect(await ann.get(`GET ${GRANTS}`)).toEqual({
      owner: 'lab',
      grants: [
        { grantee: { kind: 'role', name: 'readers' }, privileges: ['READ'] },
        { grantee: { kind: 'user', name: 'bob' }, privileges: ['READ', 'WRITE'] },
      ],
    });
    const put = (): Promise<Response> =>
      bob.client.send('/v1/stages/probes/files/f', { method: 'PUT', body: 'content' });
    expect((await put()).status).toBe(201);
    await ann.done(`PUT ${GRANTS}/users/bob`, { privileges: ['READ'] });
    expect((await put()).status).toBe(403);
    expect(await bob.client.names('probes')).toEqual(['f']);
    await ann.done(`DELETE ${GRANTS}/users/bob`);
    expect(await bob.refusal('GET /v1/stages/probes/files')).toMatchObject(NO_STAGE);
    await ann.done(`DELETE ${GRANTS}/users/bob`);
    await ann.done(`PUT ${GRANTS}/roles/readers`, { privileges: [] });
    expect(await ann.get(`GET ${GRANTS}`)).toMatchObject({ grants: [] });
  });

  it('end with the stage, and with the user', async () => {
    await newPerson(testApp, 'gone');
    await ann.done(`PUT ${GRANTS}/users/gone`, { privileges: ['READ'] });
    await root.done('DELETE /v1/users/gone');
    expect(await ann.get(`GET ${GRANTS}`)).toMatchObject({ grants: [] });
    await ann.get('POST /v1/stages', { name: 'again' }, 201);
    await ann.done('PUT /v1/stages/again/grants/users/bob', { privileges: ['READ'] });
    await ann.get('POST /v1/stages', { name: 'again', or_replace: true }, 201);
    expect(await bob.refusal('GET /v1/stages/again')).toMatchObject(NO_STAGE);
  });

  it('are denied to who may use the stage alone, and hidden from who may not', async () => {
    await ann.done(`PUT ${GRANTS}/users/bob`, { privileges: ['READ', 'WRITE'] });
    const lines = [`GET ${GRANTS}`, `PUT ${GRANTS}/users/bob`, `DELETE ${GRANTS}/users/bob`];
    const body = (line: string): object | undefined =>
      line.startsWith('PUT') ? { privileges: ['READ'] } : undefined;
    for (const line of lines) expect(await bob.refusal(line, body(line))).toMatchObject(DENIED);
    await ann.done(`DELETE ${GRANTS}/users/bob`);
    for (const line of lines) expect(await bob.refusal(line, body(line))).toMatchObject(NO_STAGE);
    for (const line of lines) {
      const unknown = line.replace('probes', 'nope');
      expect(await root.refusal(unknown, body(line))).toMatchObject(NO_STAGE);
      expect(await root.refusal(line.replace('probes', '~'), body(line))).toMatchObject(NO_STAGE);
    }
  });

  it('are refused where the request is malformed, or the grantee unknown', async () => {
    for (const body of [
      {},
      { privileges: 'READ' },
      { privileges: ['read'] },
      { privileges: ['ALL'] },
      undefined,
    ])
      expect(await ann.refusal(`PUT ${GRANTS}/users/bob`, body)).toMatchObject(MALFORMED);
    const body = { privileges: ['READ'] };
    expect(await ann.refusal(`PUT ${GRANTS}/users/nobody`, body)).toMatchObject(NO_USER);
    expect(await ann.refusal(`PUT ${GRANTS}/roles/nope`, body)).toMatchObject(NO_ROLE);
    expect(await ann.refusal(`PUT ${GRANTS}/groups/bob`, body)).toMatchObject({ kind: 'UnknownRoute' });
    expect(await ann.refusal(`PUT ${GRANTS}/users/root`, body)).toMatchObject({ kind: 'BuiltInUser' });
  });
});

describe('the owner of a stage', () => {
  it('is another role when the owner gives it away', async () => {
    await ann.get('POST /v1/stages', { name: 'given' }, 201);
    const eve = await newPerson(testApp, 'eve', { roles: ['other'] });
    expect(await eve.refusal('PUT /v1/stages/given/owner', { role: 'other' })).toMatchObject(NO_STAGE);
    await ann.done('PUT /v1/stages/given/owner', { role: 'other' });
    expect(await eve.get('GET /v1/stages/given')).toMatchObject({ owner: 'other' });
    expect(await eve.get('GET /v1/stages/given/grants')).toEqual({ owner: 'other', grants: [] });
  });

  it('is not changed by others, nor to a role that is unknown or hidden', async () => {
    await ann.done(`PUT ${GRANTS}/users/bob`, { privileges: ['READ', 'WRITE'] });
    expect(await bob.refusal('PUT /v1/stages/probes/owner', { role: 'public' })).toMatchObject(DENIED);
    for (const role of ['nope', 'readers', 'public'])
      expect(await ann.refusal('PUT /v1/stages/probes/owner', { role })).toMatchObject({
        status: 400,
        code: 1061,
      });
    for (const body of [{}, { role: 1 }, { owner: 'lab' }])
      expect(await ann.refusal('PUT /v1/stages/probes/owner', body)).toMatchObject(MALFORMED);
  });
});

describe('a stage that two make at once with OR REPLACE', () => {
  it('is that of one of them, and the other is refused', async () => {
    const service = { on: 'service', privileges: ['CREATE STAGE'] } as const;
    for (const name of ['east', 'west']) {
      await root.get('POST /v1/roles', { name }, 201);
      await testApp.app.get(GrantCatalog).grant(service, { kind: 'role', name }, OPERATOR);
    }
    const moritz = await newPerson(testApp, 'moritz', { default_role: 'east', roles: ['east'] });
    const sue = await newPerson(testApp, 'sue', { default_role: 'west', roles: ['west'] });
    for (let round = 0; round < 20; round++) {
      const request = { name: `both${String(round)}`, or_replace: true };
      const made = await Promise.all(
        [moritz, sue].map(async (each) => (await each.send('POST /v1/stages', request)).status),
      );
      expect({ round, made: made.sort() }).toEqual({ round, made: [201, 403] });
    }
  });
});

describe('a new stage', () => {
  it('belongs to the default role, or to the role of its maker that the request names', async () => {
    expect(await ann.get('POST /v1/stages', { name: 'a1' }, 201)).toMatchObject({ owner: 'lab' });
    await root.done('PUT /v1/roles/lab/members/roles/readers');
    await root.done('PUT /v1/roles/readers/members/users/ann');
    const owned = await ann.get('POST /v1/stages', { name: 'a2', owner: 'readers' }, 201);
    expect(owned).toMatchObject({ owner: 'readers' });
    await root.get('POST /v1/stages', { name: 'a3', owner: 'lab' }, 201);
    expect(await ann.get('GET /v1/stages/a3')).toMatchObject({ owner: 'lab' });
  });

  it('is denied where the named role may not create, and refused where its maker does not have it', async () => {
    expect(await ann.refusal('POST /v1/stages', { name: 'b', owner: 'other' })).toMatchObject(DENIED);
    for (const owner of ['account_admin', 'nope']) {
      const refusal = await ann.refusal('POST /v1/stages', { name: 'b', owner });
      expect(refusal).toMatchObject({ status: 400, code: 2206, kind: 'InvalidRole' });
    }
    expect(await bob.refusal('POST /v1/stages', { name: 'b' })).toMatchObject(DENIED);
    expect(await root.refusal('GET /v1/stages/b')).toMatchObject(NO_STAGE);
  });

  it('is denied to the role of everybody, which would own it', async () => {
    const max = await newPerson(testApp, 'max', { roles: ['lab'], grant_all: true });
    const refusal = await max.refusal('POST /v1/stages', { name: 'c' });
    expect(refusal).toMatchObject(DENIED);
    expect(refusal.message).toMatch(/role of user 'max'@'%' is public.+Choose another role: SET ROLE.+owner/);
    expect(await max.get('POST /v1/stages', { name: 'c', owner: 'lab' }, 201)).toMatchObject({
      owner: 'lab',
    });
    const sql = "CREATE CONNECTION c STORAGE_TYPE = 's3' access_key_id = 'a' secret_access_key = 'b'";
    expect(await max.get('POST /v1/query', { sql })).toMatchObject({
      error: { code: 1063, message: expect.stringMatching(/Choose another role/) as string },
    });
  });
});
