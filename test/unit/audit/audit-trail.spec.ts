import { AuditTrail } from '../../../src/audit/trail/audit-trail.js';
import type { AuditEvent } from '../../../src/audit/events/audit-event.js';
import { newEventId } from '../../../src/audit/events/event-id.js';
import { AuditRepository } from '../../../src/audit/list/audit.repository.js';
import { auditStatement, auditStatementIf } from '../../../src/audit/events/audit-statement.js';
import { parseAppConfig } from '../../../src/config/app-config.js';
import { sql } from '../../../src/database/sql.js';
import { Metrics } from '../../../src/metrics/metrics.js';
import { TemporaryDatabase, type Connected } from '../database/temporary-database.js';

let temporary: TemporaryDatabase;
let connected: Connected;
let metrics: Metrics;
let trail: AuditTrail;

beforeEach(async () => {
  temporary = new TemporaryDatabase();
  connected = await temporary.connect();
  metrics = new Metrics();
  trail = new AuditTrail(connected.database, metrics, parseAppConfig({}));
});

afterEach(async () => {
  forbidWrites(false);
  await trail.onApplicationShutdown();
  await temporary.remove();
});

const ANN = { userId: 'id of ann', name: 'ann' };
const read = (more: Partial<AuditEvent> = {}): AuditEvent => ({
  action: 'file.get',
  outcome: 'success',
  actor: ANN,
  stage: { name: 's' },
  path: 'a',
  ...more,
});

function forbidWrites(isForbidden: boolean): void {
  connected.connection.pragma(`query_only = ${isForbidden ? 'ON' : 'OFF'}`);
}

async function written(): Promise<number> {
  const [row] = await connected.database.read(sql<{ n: number }>('SELECT count(*) AS n FROM audit_events'));
  return row?.n ?? -1;
}

async function metric(name: string, label: string): Promise<number | undefined> {
  const text = await metrics.registry.getSingleMetricAsString(name);
  return Number(
    text
      .split('\n')
      .find((line) => line.includes(label))
      ?.split(' ')
      .at(-1),
  );
}

it('writes what waits, in one go, and counts it after the commit', async () => {
  for (let i = 0; i < 450; i++) trail.record(read({ path: String(i) }));
  expect(await written()).toBe(0);
  await trail.flush();
  expect(await written()).toBe(450);
  expect(await metric('stagedoor_audit_events_total', 'about="file",outcome="success"')).toBe(450);
});

it('writes at once where many come without a pause', async () => {
  for (let i = 0; i < 30; i++) {
    for (let j = 0; j < 20; j++) trail.record(read({ path: `${String(i)}/${String(j)}` }));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await written()).toBeGreaterThanOrEqual(400);
});

it('writes repeated reads of one file as one event, with their number and bytes', async () => {
  for (const bytes of [10, 20, undefined, 30]) trail.record(read({ bytes }));
  await trail.flush();
  trail.record(read({ bytes: 5 }));
  await trail.flush();
  const { rows } = await new AuditRepository(connected.database).list({}, undefined, 10);
  expect(rows.map(({ bytes, count }) => [bytes, count])).toEqual([
    [5, 1],
    [60, 4],
  ]);
});

it('keeps what cannot be written now, and writes it later', async () => {
  forbidWrites(true);
  trail.record(read());
  await trail.flush();
  trail.record(read());
  forbidWrites(false);
  await trail.flush();
  expect(await written()).toBe(2);
  expect(await metric('stagedoor_audit_events_lost_total', 'full')).toBe(0);
});

it('counts what is lost, where too many wait or the server ends', async () => {
  forbidWrites(true);
  for (let i = 0; i < 10_005; i++) trail.record(read({ path: String(i) }));
  expect(await metric('stagedoor_audit_events_lost_total', 'full')).toBe(5);
  await trail.onApplicationShutdown();
  expect(await metric('stagedoor_audit_events_lost_total', 'shutdown')).toBe(10_000);
});

it('loses what the database refuses, and goes on', async () => {
  await connected.database.write([sql('ALTER TABLE audit_events RENAME TO away').with()]);
  trail.record(read());
  await trail.flush();
  expect(await metric('stagedoor_audit_events_lost_total', 'refused')).toBe(1);
  await connected.database.write([sql('ALTER TABLE away RENAME TO audit_events').with()]);
  trail.record(read());
  await trail.flush();
  expect(await written()).toBe(1);
});

it('stores names that no database takes as they are, bounded', async () => {
  trail.record(read({ stage: { name: 'x'.repeat(9999) }, path: 'a\0b\uD800', object: '' }));
  await trail.flush();
  const { rows } = await new AuditRepository(connected.database).list({}, undefined, 10);
  expect(rows[0]).toMatchObject({ path: 'a\uFFFDb\uFFFD', object: '', user_name: 'ann' });
  expect(rows[0]?.stage_name).toHaveLength(255);
});

it('writes no token that somebody has written as a name or a path', async () => {
  const token = `sd_${'Vc5-6_pnLu'.repeat(4)}abc`;
  trail.record(read({ stage: { name: token }, path: `a/${token}`, object: token, outcome: 'failed' }));
  await trail.flush();
  const { rows } = await new AuditRepository(connected.database).list({}, undefined, 10);
  expect(rows[0]).toMatchObject({ stage_name: '***', path: 'a/***', object: '***' });
});

it('writes a conditional event only where its query has a row, and tells of it only then', async () => {
  const exists = sql('SELECT 1 FROM roles WHERE id = ?');
  const event = read({ action: 'role.alter', bytes: 9_007_199_254_740_991 });
  await connected.database.write([
    auditStatementIf(exists.with('public'), event),
    auditStatementIf(exists.with('none'), event),
    auditStatement(read()),
  ]);
  expect(await written()).toBe(2);
  expect(await metric('stagedoor_audit_events_total', 'about="role",outcome="success"')).toBe(1);
  const { rows } = await new AuditRepository(connected.database).list(
    { action: 'role.alter' },
    undefined,
    10,
  );
  expect(rows.map(({ bytes }) => bytes)).toEqual([9_007_199_254_740_991]);
});

describe('the list', () => {
  it('finds the rare among many, by windows, and goes on where a page has ended', async () => {
    const statements = Array.from({ length: 12_000 }, (_, i) =>
      auditStatement(
        read({ path: i % 4000 === 0 ? 'rare/file' : 'b', outcome: i % 3 === 0 ? 'failed' : 'success' }),
      ),
    );
    await connected.database.write(statements);
    const list = new AuditRepository(connected.database);
    const all = await list.list({ stage: 's', path: 'rare/' }, undefined, 10);
    expect(all.rows).toHaveLength(3);
    expect(all.next).toBeUndefined();
    const first = await list.list({ path: 'rare/' }, undefined, 2);
    const second = await list.list({ path: 'rare/' }, first.next, 2);
    expect([...first.rows, ...second.rows].map(({ id }) => id)).toEqual(all.rows.map(({ id }) => id));
    expect(second.next).toBeUndefined();
  });

  it.each([
    ['a user', { user: 'ann' }, /audit_events_user/],
    ['a stage', { stage: 's', outcome: 'success' }, /audit_events_stage/],
    ['denials', { outcome: 'denied' }, /audit_events_outcome/],
    ['grants', { action: 'grant.give' }, /audit_events_action/],
    ['connections', { action: 'connection.drop' }, /audit_events_action/],
    ['uploads', { action: 'file.put' }, /PRIMARY KEY|sqlite_autoindex/],
  ] as const)('finds %s by an index, in its order', async (_what, selection, index) => {
    const texts: string[] = [];
    const spying = Object.create(connected.database, {
      read: {
        value: (query: { text: string }, ...values: unknown[]) => {
          const plan = connected.connection.prepare(`EXPLAIN QUERY PLAN ${query.text}`).all(...values);
          texts.push(...plan.map((row) => (row as { detail: string }).detail));
          return Promise.resolve([]);
        },
      },
      readRows: { value: () => Promise.resolve([]) },
    }) as typeof connected.database;
    await new AuditRepository(spying).list(selection, newEventId(), 10);
    expect(texts.join('\n')).toMatch(index);
    expect(texts.join('\n')).not.toMatch(/TEMP B-TREE FOR ORDER BY.*TEMP B-TREE FOR ORDER BY/s);
  });
});
