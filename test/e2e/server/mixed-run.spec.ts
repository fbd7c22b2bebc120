import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startPermissiveS3, type PermissiveS3 } from '../../support/permissive-s3/permissive-s3.mjs';
import { tableRows } from '../../unit/documents/tables.js';
import { Audit } from '../audit/audit.js';
import { Rest } from '../people/rest.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/expectations.js';
import { gains, samples } from '../support/metrics.js';
import { createOddStage, ODD_STAGE } from '../support/odd-store.js';
import { removeFolder, startTestApp, temporaryFolder, type TestApp } from '../support/test-app.js';

const TOKEN = 'a-token-for-prometheus-alone';
const MAX_CONNECTIONS = 30;

type Samples = ReadonlyMap<string, number>;

let roots: string;
let s3: PermissiveS3;
let testApp: TestApp;
let root: Rest;
let robot: Client;
let scraper: Client;
let before: Samples;
let after: Samples;
let dropped = 0;

beforeAll(async () => {
  roots = await temporaryFolder();
  await mkdir(join(roots, 'out'));
  s3 = await startPermissiveS3();
  testApp = await startTestApp({
    METRICS_TOKEN: TOKEN,
    FS_STAGE_ROOTS: roots,
    MAX_REQUESTS_PER_TOKEN: '1',
    MAX_CONNECTIONS: String(MAX_CONNECTIONS),
    UPLOAD_BUFFER_MIB: '64',
    PRESIGN_BY: 'store',
  });
  root = new Rest(testApp);
  scraper = new Client(testApp, `Bearer ${TOKEN}`);
  await makeStages();
  before = await samples(scraper);
  await useFiles();
  await useStore();
  await beRefused();
  await sendTooManyAtOnce();
  await openTooManyConnections();
  await new Audit(testApp).flush();
  after = await settled();
});

afterAll(async () => {
  await testApp.close();
  await s3.stop();
  await removeFolder(roots);
});

async function makeStages(): Promise<void> {
  await root.get('POST /v1/stages', { name: 'inside' }, 201);
  await root.get('POST /v1/stages', { name: 'out', url: `fs://${roots}/out/` }, 201);
  await root.get('POST /v1/stages', { name: 'limited' }, 201);
  await root.get('PUT /v1/stages/limited/quota', { max_bytes: 1, max_files: 1 });
  await createOddStage({ s3, client: root.client });
  const { token } = await root.get<{ token: string }>('POST /v1/tokens', { name: 'robot' }, 201);
  robot = new Client(testApp, `Bearer ${token}`);
}

async function statusOf(line: string, body: string | null = null, headers = {}): Promise<number> {
  const [method = '', path = ''] = line.split(' ');
  const answer = await root.client.send(path, { method, body, headers });
  await answer.arrayBuffer();
  return answer.status;
}

async function useFiles(): Promise<void> {
  for (const stage of ['inside', 'out'])
    expect(await statusOf(`PUT /v1/stages/${stage}/files/a`, '12345')).toBe(201);
  await root.get('POST /v1/stages/inside/copy', { from: 'a', to: 'b' }, 201);
  await root.get('POST /v1/stages/inside/move', { from: 'b', to: 'c' }, 201);
  for (const line of ['GET /v1/stages/inside/files/c', 'HEAD /v1/stages/inside/files/c'])
    expect(await statusOf(line)).toBe(200);
  for (const query of ['', '?delimiter=/'])
    expect(await statusOf(`GET /v1/stages/inside/files${query}`)).toBe(200);
  expect(await statusOf('DELETE /v1/stages/inside/files/c')).toBe(200);
}

/** What a store does itself, and what it refuses. */
async function useStore(): Promise<void> {
  const inParts = 'x'.repeat(6 * 1024 ** 2);
  expect(await statusOf(`PUT /v1/stages/${ODD_STAGE}/files/a`, inParts)).toBe(201);
  await root.get(`POST /v1/stages/${ODD_STAGE}/copy`, { from: 'a', to: 'b' }, 201);
  await root.get(`POST /v1/stages/${ODD_STAGE}/presign`, { method: 'GET', path: 'a' });
  s3.quirks.answers = [{ on: 'ListObjectsV2', answer: { code: 'SlowDown' } }];
  expect(await statusOf(`GET /v1/stages/${ODD_STAGE}/files`)).toBe(503);
}

async function beRefused(): Promise<void> {
  expect(await statusOf('GET /v1/stages/inside/files/nothing')).toBe(404);
  const wrong = { 'content-md5': '1B2M2Y8AsgTpgAmY7PhCfg==' };
  expect(await statusOf('PUT /v1/stages/inside/files/wrong', '12', wrong)).toBe(400);
  expect(await statusOf('PUT /v1/stages/limited/files/a', '12')).toBe(413);
  const chunked = { 'transfer-encoding': 'chunked' };
  const body = '2\r\n12\r\n0\r\n\r\n';
  const long = await root.client.request('PUT /v1/stages/limited/files/a', chunked, body);
  expect(long.status).toBe(413);
}

async function sendTooManyAtOnce(): Promise<void> {
  const upload = await robot.start('PUT /v1/stages/inside/files/d', { 'content-length': '4' }, '12');
  await eventually(async () => {
    expect((await samples(scraper)).get('stagedoor_uploads_running')).toBe(1);
  });
  expect((await robot.send('/v1/stages')).status).toBe(429);
  await upload.write('34');
  expect((await upload.expectAnswer()).status).toBe(201);
  upload.leave();
}

/** Until one is closed without an answer. */
async function openTooManyConnections(): Promise<void> {
  const sockets: Socket[] = [];
  while (dropped === 0 && sockets.length <= MAX_CONNECTIONS) {
    const socket = connect({ port: testApp.port, host: '127.0.0.1' });
    socket.on('error', () => undefined).once('close', () => dropped++);
    sockets.push(socket);
    await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
    await delay(10);
  }
  for (const socket of sockets) socket.removeAllListeners('close').destroy();
}

/** When nothing goes on any more but the scrape itself. */
async function settled(): Promise<Samples> {
  let found: Samples = new Map();
  await eventually(async () => {
    found = await samples(scraper);
    expect(found.get('stagedoor_http_requests_running')).toBe(1);
    expect(found.get('stagedoor_audit_events_waiting')).toBe(0);
  });
  return found;
}

/** Gains of a family, by its labels alone. */
function gained(family: string, selection = ''): Readonly<Record<string, number>> {
  const entries = Object.entries(gains(before, after, new RegExp(`^${family}(?:\\{|$)`)));
  const chosen = entries.filter(([name]) => name.includes(selection));
  return Object.fromEntries(chosen.map(([name, value]) => [name.slice(family.length), value]));
}

/** All samples of a family, summed up by some of its labels. */
function sums(family: string, labels: readonly string[], selection = ''): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [name, value] of after) {
    if (!name.startsWith(`${family}{`) || !name.includes(selection)) continue;
    const key = labels.map((label) => new RegExp(`[{,]${label}="([^"]*)"`).exec(name)?.[1]).join(' ');
    found.set(key, (found.get(key) ?? 0) + value);
  }
  return found;
}

/** Families that this run leaves at 0, and where they are asked for. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  stagedoor_audit_events_lost_total: 'unit/audit/audit-trail.spec.ts',
  stagedoor_database_errors_total: 'unit/database/observed-database.spec.ts',
  stagedoor_sign_in_refusals_total: 'e2e/server/metrics.spec.ts',
  stagedoor_uploads_refused_total: 'e2e/server/metrics.spec.ts',
  stagedoor_upload_leftovers_removed_total: 'e2e/server/orphans.spec.ts',
  stagedoor_upload_leftover_failures_total: 'e2e/server/orphans.spec.ts',
};

/** Gauges of what goes on: nothing does. */
const AT_REST = [
  'stagedoor_audit_events_waiting',
  'stagedoor_uploads_running',
  'stagedoor_uploads_waiting',
  'stagedoor_upload_buffered_bytes',
  'stagedoor_upload_leftovers',
];

describe('after a mixed run', () => {
  it('what was refused is counted by its reason', () => {
    expect(gained('stagedoor_requests_limited_total')).toEqual({ '{whose="token",by="at_once"}': 1 });
    expect(gained('stagedoor_quota_refusals_total')).toEqual({
      '{limit="bytes",when="before"}': 1,
      '{limit="bytes",when="while"}': 1,
    });
    expect(dropped).toBe(1);
    expect(gained('stagedoor_http_connections_dropped_total')).toEqual({ '': 1 });
  });

  it('operations of stores are counted, and only what the store itself has failed in is its error', () => {
    expect(gained('stagedoor_store_operation_duration_seconds_count')).toMatchObject({
      '{scheme="fs",operation="put"}': 6,
      '{scheme="fs",operation="get"}': 3,
      '{scheme="fs",operation="move"}': 1,
      '{scheme="fs",operation="listLevel"}': 1,
      '{scheme="fs",operation="remove"}': 1,
      '{scheme="s3",operation="put"}': 1,
      '{scheme="s3",operation="copy"}': 1,
      '{scheme="s3",operation="presign"}': 1,
      '{scheme="s3",operation="list"}': 1,
    });
    const errors = gained('stagedoor_store_errors_total');
    const ofStats = Object.keys(errors).filter((name) => name.includes('operation="stat"'));
    expect(ofStats.filter((name) => !name.includes('kind="NotFound"'))).toEqual([]);
    expect(Object.fromEntries(Object.entries(errors).filter(([name]) => !ofStats.includes(name)))).toEqual({
      '{scheme="fs",operation="get",kind="NotFound"}': 1,
      '{scheme="s3",operation="list",kind="RateLimited"}': 1,
    });
  });

  it('the database has read, written and been probed, without an error', () => {
    for (const operation of ['read', 'write', 'probe'])
      expect(
        after.get(`stagedoor_database_operation_duration_seconds_count{operation="${operation}"}`),
      ).toBeGreaterThan(0);
    expect(gained('stagedoor_database_errors_total')).toEqual({});
  });

  it('times are taken of as many as are counted', () => {
    const route = ['method', 'route'];
    expect(sums('stagedoor_http_request_duration_seconds_count', route)).toEqual(
      sums('stagedoor_http_requests_total', route),
    );
    for (const [times, counts, outcome] of [
      ['stagedoor_upload_duration_seconds_count', 'stagedoor_uploads_total', 'outcome="stored"'],
      ['stagedoor_download_duration_seconds_count', 'stagedoor_downloads_total', 'outcome="sent"'],
    ] as const)
      expect(sums(times, ['stage_kind'])).toEqual(sums(counts, ['stage_kind'], outcome));
    for (const [name, value] of after) {
      const [, family = '', labels = ''] = /^(\w+)_bucket\{(.*?),?le="\+Inf"\}$/.exec(name) ?? [];
      if (family !== '')
        expect(after.get(`${family}_count${labels === '' ? '' : `{${labels}}`}`)).toBe(value);
    }
  });

  it('events of the audit are as many as the audit tells of', async () => {
    const told = new Map<string, number>();
    for (const { action, outcome, count } of await new Audit(testApp).events()) {
      const key = `${action.split('.')[0] ?? ''} ${outcome}`;
      told.set(key, (told.get(key) ?? 0) + count);
    }
    const counted = [...sums('stagedoor_audit_events_total', ['about', 'outcome'])];
    expect(Object.fromEntries(counted.filter(([, value]) => value > 0))).toEqual(Object.fromEntries(told));
    expect(gained('stagedoor_audit_events_lost_total')).toEqual({});
  });

  it('nothing is held any more, and the bounds are those of the settings', () => {
    for (const gauge of AT_REST) expect({ gauge, value: after.get(gauge) }).toEqual({ gauge, value: 0 });
    expect(after.get('stagedoor_upload_buffer_limit_bytes')).toBe(64 * 1024 ** 2);
    expect(after.get('stagedoor_http_connections_limit')).toBe(MAX_CONNECTIONS);
    expect(after.get('stagedoor_http_connections')).toBeLessThanOrEqual(MAX_CONNECTIONS);
    for (const check of ['database', 'storage', 'disk', 'shutdown'])
      expect(after.get(`stagedoor_ready{check="${check}"}`)).toBe(1);
  });

  it('no family is left out but those that are named', async () => {
    const families = (await tableRows('docs/reference/metrics.md', ['metric'])).flat();
    const idle = families.filter((family) => {
      const own = [...after].filter(([name]) => new RegExp(`^${family}(?:_count)?(?:\\{|$)`).test(name));
      return own.every(([, value]) => value === 0);
    });
    expect(idle.filter((family) => !AT_REST.includes(family)).sort()).toEqual(Object.keys(ELSEWHERE).sort());
  });
});
