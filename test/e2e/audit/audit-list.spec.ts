import { ROUTE_RULES } from '../../../src/audit/requests/route-rules.js';
import { AuditRetention } from '../../../src/audit/trail/audit-retention.js';
import type { AuditEventView } from '../../../src/audit/list/audit-view.js';
import { basic, Client } from '../support/client.js';
import { declaredRoutes } from '../support/routes.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { Audit } from './audit.js';

let testApp: TestApp;
let root: Client;
let audit: Audit;

beforeAll(async () => {
  testApp = await startTestApp({ AUDIT_LOG: 'on' });
  root = new Client(testApp);
  audit = new Audit(testApp);
  await root.postJson('/v1/users', { name: 'ann', auth_string: 'long enough' });
  for (const stage of ['one', 'two']) {
    await root.createStage({ name: stage });
    for (const name of ['a/1.txt', 'a/2.txt', 'b/1.txt'])
      await (await root.send(`/v1/stages/${stage}/files/${name}`, { method: 'PUT', body: 'content' })).text();
  }
  await (await new Client(testApp, basic('ann', 'long enough')).send('/v1/stages/~/files')).text();
});

afterAll(() => testApp.close());

const names = (events: readonly AuditEventView[]): string[] =>
  events.map(({ stage, path }) => `${stage ?? ''}/${path ?? ''}`);

async function refusal(query: string, client = root): Promise<{ status: number; message: string }> {
  const answer = await client.send(`/v1/audit?${query}`);
  const { error } = (await answer.json()) as { error: { message: string } };
  return { status: answer.status, message: error.message };
}

it('finds events by user, stage, path, action and outcome', async () => {
  expect(names(await audit.events('&action=file.put&stage=one'))).toEqual([
    'one/a/1.txt',
    'one/a/2.txt',
    'one/b/1.txt',
  ]);
  expect(names(await audit.events('&path=a/&stage=two&action=file.put'))).toEqual([
    'two/a/1.txt',
    'two/a/2.txt',
  ]);
  expect(names(await audit.events('&path=b/'))).toEqual(['one/b/1.txt', 'two/b/1.txt']);
  expect((await audit.events('&user=ann')).map(({ action }) => action)).toEqual([
    'user.sign_in',
    'file.list',
  ]);
  expect(await audit.events('&user=ann&outcome=denied')).toEqual([]);
  expect((await audit.events('&action=stage.create')).map(({ stage }) => stage)).toEqual(['one', 'two']);
  expect((await audit.events('&action=user.create')).map(({ object }) => object)).toEqual(['root', 'ann']);
  expect(await audit.events('&outcome=failed')).toEqual([]);
  expect(await audit.events('&stage=nowhere')).toEqual([]);
});

it('finds events of a time', async () => {
  const [, middle] = await audit.events('&action=stage.create');
  const time = middle?.time ?? '';
  expect((await audit.events(`&action=stage.create&from=${time}`)).map(({ stage }) => stage)).toEqual([
    'two',
  ]);
  expect((await audit.events(`&action=stage.create&to=${time}`)).map(({ stage }) => stage)).toEqual(['one']);
  expect(await audit.events('&from=2036-01-01T00:00:00%2B02:00')).toEqual([]);
});

it('gives pages, the latest events first, each event once', async () => {
  await audit.flush();
  const seen: string[] = [];
  let cursor = '';
  for (let pages = 0; pages < 20; pages++) {
    const answer = await root.send(`/v1/audit?action=file.put&limit=2${cursor}`);
    const page = (await answer.json()) as { events: AuditEventView[]; next_cursor: string | null };
    seen.push(...names(page.events));
    if (page.next_cursor === null) break;
    cursor = `&cursor=${page.next_cursor}`;
  }
  expect(seen).toEqual(names(await audit.events('&action=file.put')).reverse());
  expect(seen).toHaveLength(6);
});

it('gives lines by Accept, the last one with the cursor', async () => {
  await audit.flush();
  const query = '/v1/audit?action=file.put&limit=2';
  const answer = await root.send(query, { headers: { accept: 'application/x-ndjson' } });
  expect(answer.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
  expect(answer.headers.get('vary')).toContain('Accept');
  const lines = (await answer.text()).trimEnd().split('\n');
  const { events } = (await (await root.send(query)).json()) as { events: AuditEventView[] };
  expect(lines.slice(0, -1)).toEqual(events.map((event) => JSON.stringify(event)));
  const { next_cursor: cursor } = JSON.parse(lines.at(-1) ?? '') as { next_cursor: string };
  const rest = await root.send(`${query}&cursor=${cursor}`);
  expect(((await rest.json()) as { events: unknown[] }).events).toHaveLength(2);
  expect((await root.send(query, { headers: { accept: 'text/csv' } })).status).toBe(406);
});

it('tells of ranges of one file, read one after the other, by one event with their number and bytes', async () => {
  for (const range of ['bytes=0-1', 'bytes=2-3', 'bytes=4-6'])
    await (await root.send('/v1/stages/one/files/a/1.txt', { headers: { range } })).text();
  const events = await audit.events('&action=file.get&stage=one');
  expect(events.map(({ path, bytes, count }) => [path, bytes, count])).toEqual([['a/1.txt', 7, 3]]);
});

it.each([
  ['limit=1000000', /limit: must be from 1 to 1000/],
  ['limit=-1', /limit: must be a whole number/],
  ['limit=0', /limit: must be from 1 to 1000/],
  ['from=yesterday', /from: must be a time with its zone, as in/],
  ['from=2026-12-01T00:00:00', /from: must be a time with its zone/],
  ['from=2026-12-02T00:00:00Z&to=2026-12-01T00:00:00Z', /from must be before to/],
  ['action=file.eat', /action: must be one of audit.read, connection.alter/],
  ['outcome=good', /outcome: must be one of success, denied, failed/],
  ['user=', /user: must name a user/],
  ['who=ann', /who/],
  ['user=ann&user=bob', /user/],
  ['cursor=abc', /cursor cannot be read/],
])('refuses %s, and says what to do', async (query, expected) => {
  const { status, message } = await refusal(query);
  expect({ status, message }).toEqual({ status: 400, message: expect.stringMatching(expected) as string });
});

it('refuses a cursor under another filter', async () => {
  await audit.flush();
  const answer = await root.send('/v1/audit?action=file.put&limit=1');
  const { next_cursor: cursor } = (await answer.json()) as { next_cursor: string };
  expect((await refusal(`action=file.get&cursor=${cursor}`)).status).toBe(400);
});

it('is for administrators alone', async () => {
  const { status } = await refusal('', new Client(testApp, basic('ann', 'long enough')));
  expect(status).toBe(403);
  await audit.flush();
  const answer = await root.send('/v1/audit?user=ann&action=audit.read');
  const { events } = (await answer.json()) as { events: AuditEventView[] };
  expect(events.map(({ outcome, error }) => [outcome, error])).toEqual([['denied', 'PermissionDenied']]);
});

it('has a rule for each route', () => {
  expect(Object.keys(ROUTE_RULES).toSorted()).toEqual(
    declaredRoutes(testApp.app)
      .map(({ line }) => line)
      .toSorted(),
  );
});

it('writes each event as a line of the log, too', async () => {
  await audit.flush();
  const lines = testApp
    .logs()
    .split('\n')
    .filter((text) => text.includes('"msg":"audit"'));
  const told = lines.map((text) => (JSON.parse(text) as { audit: { action: string; path?: string } }).audit);
  expect(told.filter(({ action }) => action === 'file.put').map(({ path }) => path)).toEqual([
    'a/1.txt',
    'a/2.txt',
    'b/1.txt',
    'a/1.txt',
    'a/2.txt',
    'b/1.txt',
  ]);
});

it('removes what is older than AUDIT_RETENTION_DAYS, and nothing else', async () => {
  const retention = testApp.app.get(AuditRetention, { strict: false });
  const day = 86_400_000;
  await audit.flush();
  expect(await retention.removeOld(Date.now() + 89 * day)).toBe(0);
  expect(await audit.events('&action=file.put')).toHaveLength(6);
  expect(await retention.removeOld(Date.now() + 91 * day)).toBeGreaterThan(10);
  expect(await audit.events('&action=file.put')).toHaveLength(0);
});
