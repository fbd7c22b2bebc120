import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { tableRows } from '../../unit/documents/tables.js';
import { UserService } from '../../../src/users/accounts/user.service.js';
import { basic, Client } from '../support/client.js';
import { eventually } from '../support/expectations.js';
import { filePart, form } from '../support/form.js';
import { gains, samples, samplesIn } from '../support/metrics.js';
import { follow, presigned } from '../support/presigned.js';
import { declaredRoutes } from '../support/routes.js';
import { SqlClient } from '../support/sql-client.js';
import { removeFolder, startTestApp, temporaryFolder, type TestApp } from '../support/test-app.js';

const TOKEN = 'a-token-for-prometheus-alone';
const PASSWORD = 'correct horse';

describe('the counters of /metrics', () => {
  let testApp: TestApp;
  let roots: string;
  let client: Client;
  let scraper: Client;
  let archiveBytes: number;

  beforeAll(async () => {
    roots = await temporaryFolder();
    await mkdir(join(roots, 'out'));
    testApp = await startTestApp({ METRICS_TOKEN: TOKEN, MAX_UPLOADS_PER_USER: '1', FS_STAGE_ROOTS: roots });
    client = new Client(testApp);
    scraper = new Client(testApp, `Bearer ${TOKEN}`);
    await testApp.app.get(UserService).save('ann', PASSWORD, { isAdmin: false });
    expect((await client.createStage({ name: 'inside' })).status).toBe(201);
    expect((await client.createStage({ name: 'out', url: `fs://${roots}/out/` })).status).toBe(201);
  });

  afterAll(async () => {
    await testApp.close();
    await removeFolder(roots);
  });

  const put = (
    path: string,
    content: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> => client.send(path, { method: 'PUT', body: content, headers });

  async function upload(): Promise<void> {
    expect((await put('/v1/stages/~/files/a', 'x'.repeat(100))).status).toBe(201);
    expect((await put('/v1/stages/~/files/a', 'x'.repeat(50))).status).toBe(200);
    expect((await put('/v1/stages/out/files/b', 'x'.repeat(7))).status).toBe(201);
    const both = form(filePart('c', 'four'), filePart('d', 'three'));
    expect((await client.upload(both, { stage_name: 'inside' })).status).toBe(200);
    const key = { 'idempotency-key': 'one' };
    for (const status of [201, 201])
      expect((await put('/v1/stages/~/files/e', 'x', key)).status).toBe(status);
    expect(
      (await put('/v1/stages/~/files/f', 'x', { 'content-md5': '1B2M2Y8AsgTpgAmY7PhCfg==' })).status,
    ).toBe(400);
  }

  /** One whose client leaves, and one more of the same user meanwhile. */
  async function breakOff(): Promise<void> {
    const headers = { expect: '100-continue', 'content-length': '100' };
    const connection = await client.start('PUT /v1/stages/~/files/g', headers);
    expect((await connection.expectAnswer()).status).toBe(100);
    await connection.write('x'.repeat(60));
    expect((await put('/v1/stages/~/files/h', 'x')).status).toBe(429);
    connection.leave();
    await eventually(async () => {
      expect((await samples(scraper)).get('stagedoor_uploads_running')).toBe(0);
    });
  }

  async function download(): Promise<void> {
    expect((await client.send('/v1/stages/~/files/a')).status).toBe(200);
    expect((await client.send('/v1/stages/out/files/b', { headers: { range: 'bytes=1-3' } })).status).toBe(
      206,
    );
    expect((await client.send('/v1/stages/~/files/a', { method: 'HEAD' })).status).toBe(200);
    expect((await client.send('/v1/stages/~/files/nothing')).status).toBe(404);
    const archive = await client.send('/v1/stages/inside/zip');
    archiveBytes = (await archive.arrayBuffer()).byteLength;
    expect((await client.send('/v1/stages/inside/zip', { method: 'HEAD' })).status).toBe(200);
    expect((await client.send('/v1/stages/inside/zip?prefix=nothing')).status).toBe(404);
    const url = await presigned(client, 'inside', { method: 'GET', path: 'c' });
    expect(await (await follow(url)).text()).toBe('four');
  }

  async function beRefused(): Promise<void> {
    const ann = new Client(testApp, basic('ann', PASSWORD));
    expect((await ann.createStage({ name: 'anns' })).status).toBe(403);
    expect((await ann.send('/v1/stages/inside/files')).status).toBe(404);
    expect((await new Client(testApp, basic('ann', 'wrong')).send('/v1/stages')).status).toBe(401);
    expect((await fetch(`${testApp.url}/v1/stages`, { headers: { via: '1.1 proxy' } })).status).toBe(401);
    expect((await client.send('/v1/nothing/of/this/name')).status).toBe(404);
    expect((await client.send('/v1/stages', { method: 'PURGE' })).status).toBe(405);
    const failed = await new SqlClient(client).answer('SELECT nonsense FROM nothing');
    expect(failed.error).not.toBeNull();
  }

  it('add up with what was done', async () => {
    const before = await samples(scraper);
    await upload();
    await breakOff();
    await download();
    await beRefused();
    await eventually(async () => {
      const after = await samples(scraper);
      const counted =
        /^stagedoor_(uploads?|downloads?|sign_ins?|errors)_.*(total|count)|^stagedoor_http_requests_total/;
      const gained = gains(before, after, counted);
      expect(gained).toEqual({
        ...EXPECTED,
        [DOWNLOADED]: 4 + archiveBytes,
        [SCRAPES]: gained[SCRAPES],
      });
      expect(
        gains(before, after, /^stagedoor_store_operation_duration_seconds_count.*"(put|get|presign)"/),
      ).toEqual({
        'stagedoor_store_operation_duration_seconds_count{scheme="fs",operation="put"}': 8,
        'stagedoor_store_operation_duration_seconds_count{scheme="fs",operation="get"}': 8,
      });
    });
  });

  it('are the same for requests that differ in what a client may choose', async () => {
    const before = [...(await samples(scraper)).keys()];
    for (const name of ['one', 'two', '%00', 'a/b/c']) await client.send(`/v1/stages/~/files/${name}`);
    for (const path of ['/', '/one', '/two?three=four', '/v1/stages/five/six']) await client.send(path);
    for (const method of ['PURGE', 'LOCK', 'MKCOL']) await client.send('/v1/stages', { method });
    expect([...(await samples(scraper)).keys()]).toEqual(before);
  });
});

/** `name type label, label`, of all metrics. */
function described(text: string): string[] {
  const types = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)];
  return types.map(([, name = '', type = '']) => {
    const sample = new RegExp(`^${name}(?:_sum)?(?:\\{(.*)\\})? `, 'm').exec(text)?.[1] ?? '';
    const labels = [...sample.matchAll(/(\w+)="/g)].map(([, label]) => label);
    return `${name} ${type} ${labels.join(', ')}`;
  });
}

const SCRAPES = 'stagedoor_http_requests_total{method="GET",route="/metrics",status="2xx"}';

const DOWNLOADED = 'stagedoor_download_bytes_total{stage_kind="internal"}';

const ZIP = '/v1/stages/:name/zip';
const FILE = '/v1/stages/:name/files/*path';

function requests(method: string, route: string, status: string): string {
  return `stagedoor_http_requests_total{method="${method}",route="${route}",status="${status}"}`;
}

function errors(kind: string): string {
  return `stagedoor_errors_total{kind="${kind}"}`;
}

function uploads(kind: string, outcome: string): string {
  return `stagedoor_uploads_total{stage_kind="${kind}",outcome="${outcome}"}`;
}

const EXPECTED: Readonly<Record<string, number>> = {
  [requests('PUT', FILE, '2xx')]: 5,
  [requests('PUT', FILE, '4xx')]: 2,
  [requests('PUT', FILE, 'none')]: 1,
  [requests('PUT', '/v1/upload_to_stage', '2xx')]: 1,
  [requests('GET', FILE, '2xx')]: 2,
  [requests('GET', FILE, '4xx')]: 1,
  [requests('HEAD', FILE, '2xx')]: 1,
  [requests('GET', ZIP, '2xx')]: 1,
  [requests('GET', ZIP, '4xx')]: 1,
  [requests('HEAD', ZIP, '2xx')]: 1,
  [requests('POST', '/v1/stages/:name/presign', '2xx')]: 1,
  [requests('GET', '/v1/presigned/*token', '2xx')]: 1,
  [requests('POST', '/v1/stages', '4xx')]: 1,
  [requests('GET', '/v1/stages/:name/files', '4xx')]: 1,
  [requests('GET', '/v1/stages', '4xx')]: 2,
  [requests('GET', 'none', '4xx')]: 1,
  [requests('other', 'none', '4xx')]: 1,
  [requests('POST', '/v1/query', '2xx')]: 1,
  [uploads('user', 'stored')]: 3,
  [uploads('user', 'repeated')]: 1,
  [uploads('user', 'rejected')]: 1,
  [uploads('user', 'left')]: 1,
  [uploads('internal', 'stored')]: 1,
  [uploads('external', 'stored')]: 1,
  'stagedoor_upload_files_total{stage_kind="user"}': 3,
  'stagedoor_upload_files_total{stage_kind="internal"}': 2,
  'stagedoor_upload_files_total{stage_kind="external"}': 1,
  'stagedoor_upload_bytes_total{stage_kind="user"}': 151,
  'stagedoor_upload_bytes_total{stage_kind="internal"}': 9,
  'stagedoor_upload_bytes_total{stage_kind="external"}': 7,
  'stagedoor_upload_duration_seconds_count{stage_kind="user"}': 3,
  'stagedoor_upload_duration_seconds_count{stage_kind="internal"}': 1,
  'stagedoor_upload_duration_seconds_count{stage_kind="external"}': 1,
  'stagedoor_uploads_refused_total{reason="TooManyUploads"}': 1,
  'stagedoor_downloads_total{stage_kind="user",outcome="sent"}': 1,
  'stagedoor_downloads_total{stage_kind="internal",outcome="sent"}': 2,
  'stagedoor_downloads_total{stage_kind="external",outcome="sent"}': 1,
  'stagedoor_download_bytes_total{stage_kind="user"}': 50,
  [DOWNLOADED]: 4,
  'stagedoor_download_bytes_total{stage_kind="external"}': 3,
  'stagedoor_download_duration_seconds_count{stage_kind="user"}': 1,
  'stagedoor_download_duration_seconds_count{stage_kind="internal"}': 2,
  'stagedoor_download_duration_seconds_count{stage_kind="external"}': 1,
  stagedoor_sign_ins_total: 20,
  'stagedoor_sign_in_refusals_total{reason="WrongPassword"}': 1,
  'stagedoor_sign_in_refusals_total{reason="NoCredentials"}': 1,
  [errors('ChecksumMismatch')]: 1,
  [errors('TooManyUploads')]: 1,
  [errors('FileNotFound')]: 2,
  [errors('PermissionDenied')]: 1,
  [errors('UnknownStage')]: 1,
  [errors('WrongPassword')]: 1,
  [errors('NoCredentials')]: 1,
  [errors('Unimplemented')]: 1,
  [errors('UnknownRoute')]: 1,
  [errors('MethodNotAllowed')]: 1,
};

describe('/metrics of a server that has just started', () => {
  let testApp: TestApp;

  beforeAll(async () => {
    testApp = await startTestApp({ METRICS_PORT: '0' });
  });

  afterAll(() => testApp.close());

  it('has a sample for each route, method and class of status', async () => {
    const found = await samples(new Client(testApp));
    for (const { line } of declaredRoutes(testApp.app)) {
      const [method = '', route = ''] = line.split(' ');
      for (const status of ['none', '2xx', '3xx', '4xx', '5xx'])
        expect([...found.keys()]).toContain(requests(method, route, status));
    }
  });

  it('has metrics that are those of the reference, with their types and labels', async () => {
    const text = await (await new Client(testApp).send('/metrics')).text();
    const documented = await tableRows('docs/reference/metrics.md', ['metric', 'type', 'labels']);
    expect(documented.map((cells) => cells.join(' ')).sort()).toEqual(described(text).sort());
  });

  it('has a zero for each kind of error, refusal and outcome that may come', async () => {
    const found = await samples(new Client(testApp));
    for (const name of Object.keys(EXPECTED)) expect(found.has(name)).toBe(true);
    expect(found.get('stagedoor_store_errors_total{scheme="s3",operation="put",kind="Unavailable"}')).toBe(0);
    expect(found.get('stagedoor_database_errors_total{operation="write",kind="NoSpace"}')).toBe(0);
    expect(found.get('stagedoor_upload_leftovers_removed_total{scheme="s3"}')).toBe(0);
  });

  it('is on its own port, too, where no password is asked for and nothing else is served', async () => {
    const url = `http://127.0.0.1:${metricsPort(testApp)}`;
    const answer = await fetch(`${url}/metrics`);
    expect(answer.status).toBe(200);
    expect(samplesIn(await answer.text()).get('stagedoor_uploads_running')).toBe(0);
    for (const path of ['/', '/v1/stages', '/ready']) expect((await fetch(`${url}${path}`)).status).toBe(404);
    expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(404);
  });
});

/** The port that was free, as the log says it. */
function metricsPort(testApp: TestApp): string {
  return /"msg":"the metrics have a port of their own","port":(\d+)/.exec(testApp.logs())?.[1] ?? '';
}

describe('METRICS_TOKEN', () => {
  let testApp: TestApp;

  beforeAll(async () => {
    testApp = await startTestApp({ METRICS_TOKEN: TOKEN, METRICS_PORT: '0' });
  });

  afterAll(() => testApp.close());

  const statusOf = async (path: string, authorization: string): Promise<number> =>
    (await new Client(testApp, authorization).send(path)).status;

  it('opens /metrics, and nothing else', async () => {
    expect(await statusOf('/metrics', `Bearer ${TOKEN}`)).toBe(200);
    for (const path of ['/v1/stages', '/v1/stages/~/files', '/v1/users']) {
      expect(await statusOf(path, `Bearer ${TOKEN}`)).toBe(401);
    }
  });

  it.each([`Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, 'Bearer x', `Basic ${TOKEN}`, TOKEN])(
    'is not %s, which is 401',
    async (authorization) => {
      expect(await statusOf('/metrics', authorization)).toBe(401);
    },
  );

  it('is not needed by a user', async () => {
    await testApp.app.get(UserService).save('ann', PASSWORD, { isAdmin: false });
    expect(await statusOf('/metrics', basic('ann', PASSWORD))).toBe(200);
    expect(await statusOf('/metrics', basic('ann', 'wrong'))).toBe(401);
  });

  it('is asked for on the port of the metrics, too', async () => {
    const url = `http://127.0.0.1:${metricsPort(testApp)}/metrics`;
    expect((await fetch(url)).status).toBe(401);
    expect((await fetch(url, { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(200);
  });
});
