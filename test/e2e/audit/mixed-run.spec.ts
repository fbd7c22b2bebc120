import type { AuditEventView } from '../../../src/audit/list/audit-view.js';
import { basic, Client } from '../support/client.js';
import { filePart, form } from '../support/form.js';
import { SqlClient } from '../support/sql-client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { Audit } from './audit.js';

const PASSWORD = 'planted password of ann';
const WRONG = 'planted wrong password';
const KEY = 'planted-access-key';
const SECRET = 'planted-secret-key';

let testApp: TestApp;
let root: Client;
let rootSql: SqlClient;
let audit: Audit;

beforeEach(async () => {
  testApp = await startTestApp();
  root = new Client(testApp);
  rootSql = new SqlClient(root);
  audit = new Audit(testApp);
});

afterEach(() => testApp.close());

async function put(client: Client, path: string, content: string): Promise<number> {
  const answer = await client.send(path, { method: 'PUT', body: content });
  await answer.text();
  return answer.status;
}

async function sent(client: Client, method: string, path: string): Promise<string> {
  const answer = await client.send(path, { method });
  return answer.text();
}

/** What an event tells, in one line. */
function line(event: AuditEventView): string {
  const { action, outcome, user, via, stage, path, object, bytes, count, error } = event;
  const place = stage === null ? (object ?? '') : `${stage}/${path ?? ''}`;
  const numbers = [bytes === null ? '' : `${String(bytes)}B`, count === 1 ? '' : `x${String(count)}`];
  return [via, user ?? 'nobody', action, outcome, place, ...numbers, error ?? '']
    .filter((word) => word !== '')
    .join(' ');
}

/** Of what was done after root has signed in. */
async function lines(): Promise<string[]> {
  const events = await audit.events();
  return events.filter(({ action, user }) => !(action === 'user.sign_in' && user === 'root')).map(line);
}

it('tells of each change, read and denial of a mixed run once, over REST and SQL', async () => {
  await root.createStage({ name: 'mixed' });
  expect(await put(root, '/v1/stages/mixed/files/a.txt', 'content')).toBe(201);
  await root.upload(form(filePart('b.txt', 'four'), filePart('c.txt', 'fives')), { stage_name: 'mixed' });
  await sent(root, 'GET', '/v1/stages/mixed/files/a.txt');
  await sent(root, 'HEAD', '/v1/stages/mixed/files/a.txt');
  await sent(root, 'GET', '/v1/stages/mixed/files?prefix=a');
  await sent(root, 'GET', '/v1/stages/mixed/files/none.txt');
  await root.postJson('/v1/stages/mixed/copy', { from: 'a.txt', to: 'copy.txt' });
  await root.postJson('/v1/stages/mixed/move', { from: 'copy.txt', to: 'moved.txt' });
  await sent(root, 'DELETE', '/v1/stages/mixed/files/moved.txt');
  await rootSql.rows('LIST @mixed');
  await rootSql.run('REMOVE @mixed/b.txt');
  await rootSql.failure('REMOVE @nowhere');
  await rootSql.run(`CREATE USER ann IDENTIFIED BY '${PASSWORD}'`);
  await rootSql.run('GRANT READ ON STAGE mixed TO USER ann');
  await rootSql.run('CREATE ROLE helpers');
  const ann = new Client(testApp, basic('ann', PASSWORD));
  await sent(ann, 'GET', '/v1/stages/mixed/files/a.txt');
  expect(await put(ann, '/v1/stages/mixed/files/no.txt', 'refused')).toBe(403);
  await new SqlClient(ann).failure('REMOVE @mixed');
  await sent(new Client(testApp, basic('ann', WRONG)), 'GET', '/v1/stages/mixed/files/a.txt');
  await sent(new Client(testApp, basic('ghost', WRONG)), 'GET', '/v1/stages/mixed/files/a.txt');
  await sent(root, 'DELETE', '/v1/stages/mixed');

  const all = await lines();
  const told = all.filter((each) => !each.includes('user.sign_in'));
  expect(told.toSorted()).toEqual(
    [
      'command root user.create success root',
      'rest root stage.create success mixed/',
      'rest root file.put success mixed/a.txt 7B',
      'rest root file.put success mixed/b.txt 4B',
      'rest root file.put success mixed/c.txt 5B',
      'rest root file.get success mixed/a.txt 7B',
      'rest root file.head success mixed/a.txt',
      'rest root file.list success mixed/a',
      'rest root file.get failed mixed/none.txt FileNotFound',
      'rest root file.copy success mixed/copy.txt 7B',
      'rest root file.move success mixed/moved.txt 7B',
      'rest root file.remove success mixed/copy.txt 7B',
      'rest root file.remove success mixed/moved.txt 7B',
      'sql root file.list success mixed/',
      'sql root file.remove success mixed/b.txt 4B',
      'sql root file.remove failed nowhere/ UnknownStage',
      'sql root user.create success ann',
      'sql root grant.give success mixed/',
      'sql root role.create success helpers',
      'rest ann file.get success mixed/a.txt 7B',
      'rest ann file.put denied mixed/no.txt PermissionDenied',
      'sql ann file.remove denied mixed/ PermissionDenied',
      'rest root file.remove success mixed/ 12B x2',
      'rest root stage.drop success mixed/',
    ].toSorted(),
  );
  expect(all.filter((each) => each.includes('user.sign_in')).toSorted()).toEqual([
    'rest ann user.sign_in denied WrongPassword',
    'rest ann user.sign_in success',
    'rest nobody user.sign_in denied WrongPassword',
  ]);
});

it('says from where, in which role, by which request and on which server', async () => {
  const answer = await root.send('/v1/stages/~/files/a.txt', { method: 'PUT', body: 'content' });
  const [event] = await audit.events('&action=file.put');
  expect(event).toEqual({
    id: expect.stringMatching(
      /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    ) as string,
    time: expect.any(String) as string,
    action: 'file.put',
    outcome: 'success',
    user: 'root',
    user_id: 'root',
    role: 'account_admin',
    token_id: null,
    address: '127.0.0.1',
    server: expect.stringMatching(new RegExp(`:${String(process.pid)}$`)) as string,
    request_id: answer.headers.get('x-request-id'),
    via: 'rest',
    stage: '~',
    stage_id: 'root',
    path: 'a.txt',
    object: null,
    bytes: 7,
    count: 1,
    error: null,
    detail: null,
  });
  expect(Math.abs(Date.parse(event?.time ?? '') - Date.now())).toBeLessThan(10_000);
});

it('tells of a presigned URL as of its user, and of a token by its id', async () => {
  await put(root, '/v1/stages/~/files/a.txt', 'content');
  const presigned = await root.postJson('/v1/stages/~/presign', { method: 'GET', path: 'a.txt' });
  const { url } = (await presigned.json()) as { url: string };
  await (await fetch(url)).text();
  await (await fetch(url.slice(0, -12))).text();
  const created = await root.postJson('/v1/tokens', { name: 'of a robot' });
  const { id, token } = (await created.json()) as { id: string; token: string };
  await sent(new Client(testApp, `Bearer ${token}`), 'GET', '/v1/stages/~/files/a.txt');
  await sent(root, 'DELETE', `/v1/tokens/${id}`);

  const events = await audit.events();
  const told = events.map((event) => `${line(event)} ${event.token_id ?? ''}`.trim());
  expect(told).toEqual(
    expect.arrayContaining([
      'rest root file.presign success ~/',
      'presigned root file.get success ~/a.txt 7B',
      'rest nobody file.get denied InvalidSignature',
      'rest root token.create success of a robot',
      `rest root file.get success ~/a.txt 7B ${id}`,
      'rest root token.revoke success of a robot',
    ]),
  );
  const text = await audit.text();
  for (const secret of [token, token.slice(3), url, new URL(url).pathname.split('/')[3] ?? '?'])
    expect(text).not.toContain(secret);
});

it('holds no password, key or token, whether what they came with was done or failed', async () => {
  const options = { access_key_id: KEY, secret_access_key: SECRET };
  await root.postJson('/v1/users', { name: 'ann', auth_string: PASSWORD });
  await root.postJson('/v1/users', { name: 'ann', auth_string: PASSWORD });
  await root.postJson('/v1/connections', { name: 'c', storage_type: 's3', options });
  await root.postJson('/v1/connections', {
    name: 'd',
    storage_type: 's3',
    options: { ...options, no: SECRET },
  });
  await root.createStage({ name: 'ext', url: 's3://bucket/', connection: { ...options, region: 'r' } });
  await rootSql.answer(`ALTER CONNECTION c SET SECRET_ACCESS_KEY = '${SECRET}2'`);
  await rootSql.answer(`ALTER USER ann IDENTIFIED BY '${PASSWORD} two'`);
  await rootSql.answer(`ALTER STAGE ext SET CONNECTION = (SECRET_ACCESS_KEY = '${SECRET}')`);
  const ann = new Client(testApp, basic('ann', WRONG));
  await sent(ann, 'GET', '/v1/stages');
  const login = await root.postJson('/v1/session/login', {});
  const { tokens } = (await login.json()) as { tokens: Record<string, string> };
  await sent(new Client(testApp, `Bearer ${tokens['session_token'] ?? ''}`), 'GET', '/v1/stages');
  const text = await audit.text();
  expect(text).toContain('connection.create');
  const hidden = [PASSWORD, WRONG, KEY, SECRET, tokens['session_token'] ?? '', tokens['refresh_token'] ?? ''];
  for (const secret of hidden) expect(text).not.toContain(secret);
  for (const secret of hidden)
    expect(text).not.toContain(Buffer.from(secret).toString('base64').replace(/=+$/, '').slice(0, -1));
});

it('tells of a session when it begins and ends, and not of each of its requests', async () => {
  const login = await root.postJson('/v1/session/login', {});
  const { tokens } = (await login.json()) as { tokens: Record<string, string> };
  const session = new Client(testApp, `Bearer ${tokens['session_token'] ?? ''}`);
  for (let i = 0; i < 5; i++) await sent(session, 'GET', '/v1/stages');
  await session.postJson('/v1/session/logout', {});
  const events = await audit.events('&user=root');
  const told = events.filter(({ action }) => action.startsWith('user.sign_')).map(line);
  // The password of the sign-in came with a request, too.
  expect(told.toSorted()).toEqual([
    'rest root user.sign_in success',
    'rest root user.sign_in success',
    'rest root user.sign_out success',
  ]);
});

it('keeps a change and its event together where the audit cannot be written', async () => {
  const { renameAudit } = await import('./broken-audit.js');
  await renameAudit(testApp, 'audit_events', 'audit_away');
  expect((await root.createStage({ name: 'none' })).status).toBe(500);
  expect((await rootSql.answer('CREATE ROLE none')).error).not.toBeNull();
  expect((await root.postJson('/v1/connections', { name: 'none', storage_type: 's3' })).status).toBe(500);
  await renameAudit(testApp, 'audit_away', 'audit_events');
  expect((await root.send('/v1/stages/none')).status).toBe(404);
  expect((await root.send('/v1/roles/none')).status).toBe(404);
  expect((await root.send('/v1/connections/none')).status).toBe(404);
  const events = await audit.events('&outcome=success');
  expect(events.map(line).filter((each) => /create success (none|none\/)$/.test(each))).toEqual([]);
});

it('tells of many denials of nobody in few events, whose counts add up', async () => {
  const nobody = new Client(testApp, basic('ghost', WRONG));
  for (let i = 0; i < 9; i++) await sent(nobody, 'GET', `/v1/stages/s${String(i)}/files/${String(i)}.txt`);
  const events = await audit.events('&action=user.sign_in&outcome=denied');
  expect(events.reduce((sum, { count }) => sum + count, 0)).toBe(9);
  expect(events.length).toBeLessThan(9);
});
