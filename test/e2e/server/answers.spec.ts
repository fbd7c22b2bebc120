import type { Express } from 'express';
import { allErrorKinds } from '../../../src/http/errors/error-table.js';
import { Client, type Headers } from '../support/client.js';
import { expectError, type ErrorBody } from '../support/expectations.js';
import { filePart, form, FORM_TYPE } from '../support/form.js';
import { presigned } from '../support/presigned.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let testApp: TestApp;
let client: Client;

beforeAll(async () => {
  testApp = await startTestApp();
  client = new Client(testApp);
  expect((await client.createStage({ name: 'MyStage' })).status).toBe(201);
});

afterAll(() => testApp.close());

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'];

interface Route {
  readonly path: string;
  readonly methods: ReadonlySet<string>;
}

/** What the router itself says, a sample path for each route. */
function routesOf(app: Express): Route[] {
  const found = new Map<string, Set<string>>();
  for (const { route } of app.router.stack) {
    if (route === undefined) continue;
    for (const path of [route.path].flat()) {
      const sample = path
        .replace('{/:cursor}', '')
        .replace(/:(\w+)/g, 'x')
        .replace(/\*\w+/, 'y/z');
      const methods = found.get(sample) ?? new Set<string>();
      for (const each of route.stack) methods.add(each.method.toUpperCase());
      found.set(sample, methods);
    }
  }
  return [...found].map(([path, methods]) => ({ path, methods }));
}

describe('a method that a route does not have', () => {
  it('is 405 with Allow on every route, and Allow tells the truth', async () => {
    const app: Express = testApp.app.getHttpAdapter().getInstance();
    const routes = routesOf(app);
    expect(routes.length).toBeGreaterThan(20);
    const wrong: unknown[] = [];
    for (const { path, methods } of routes) {
      const taken = new Set(methods);
      if (taken.has('GET')) taken.add('HEAD');
      for (const method of METHODS.filter((each) => !taken.has(each))) {
        const { status, headers, body } = await client.request(`${method} ${path}`);
        const allow = headers.get('allow')?.split(', ').sort();
        const kind =
          method === 'HEAD' ? 'MethodNotAllowed' : (JSON.parse(body.toString()) as ErrorBody).error.kind;
        const expected = [405, 'MethodNotAllowed', [...taken].sort()];
        if (JSON.stringify([status, kind, allow]) !== JSON.stringify(expected)) {
          wrong.push({ method, path, status, kind, allow });
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it.each(['GET', 'PUT'])('of a presigned URL for %s is told by that URL', async (method) => {
    const { url } = await presigned(client, '~', { method, path: 'f.csv' });
    for (const used of method === 'GET' ? ['PUT'] : ['GET', 'HEAD']) {
      const answer = await fetch(url, { method: used });
      expect([answer.status, answer.headers.get('allow')]).toEqual([
        405,
        method === 'GET' ? 'GET, HEAD' : 'PUT',
      ]);
    }
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(405);
  });

  it('does nothing, also to a file that is there', async () => {
    await client.upload(form(filePart('f.csv')));
    for (const method of ['POST', 'PATCH', 'OPTIONS']) {
      expect((await client.send('/v1/stages/~/files/f.csv', { method })).status).toBe(405);
    }
    expect(await client.content('~', 'f.csv')).toBe('content');
  });

  it('is no method of a path that is not there', async () => {
    for (const method of ['GET', 'DELETE', 'OPTIONS']) {
      const answer = await client.send('/v1/nothing', { method });
      expect(answer.headers.get('allow')).toBeNull();
      await expectError(answer, { status: 404, kind: 'UnknownRoute', message: /nothing at \/v1\/nothing\./ });
    }
  });
});

describe('the kind of an error', () => {
  it('is one word with one status', () => {
    const statuses = new Map<string, Set<number>>();
    for (const { kind, status } of allErrorKinds()) {
      expect(kind).toMatch(/^[A-Z][A-Za-z]+$/);
      statuses.set(kind, (statuses.get(kind) ?? new Set()).add(status));
    }
    expect([...statuses].filter(([, each]) => each.size > 1)).toEqual([]);
  });

  it.each<[string, string, Headers, string]>([
    ['GET /v1/stages/nope', 'UnknownStage', {}, ''],
    ['GET /v1/stages/~/files/nope', 'FileNotFound', {}, ''],
    ['PUT /v1/stages/~/files/a/../b', 'InvalidFileName', { 'content-length': '1' }, 'x'],
    ['POST /v1/stages', 'NotJson', { 'content-length': '1', 'content-type': 'text/plain' }, 'x'],
    ['POST /v1/query', 'InvalidRequest', { 'content-length': '2', 'content-type': 'application/json' }, '{}'],
    ['GET /v1/presigned/x', 'InvalidSignature', {}, ''],
    ['GET /v1/uploads/x', 'UnknownUpload', {}, ''],
    ['GET /v1/stages', 'NoCredentials', { authorization: '' }, ''],
    ['GET /v1/stages/%zz', 'MalformedUrl', {}, ''],
    // These Node answers without a word, if it is let.
    ['GET /health', 'MalformedHttp', { host: '' }, ''],
    ['PUT /v1/stages/~/files/f', 'UnknownExpectation', { expect: 'x', 'content-length': '1' }, 'x'],
  ])('of %s is %s', async (line, kind, headers, body) => {
    const answer = await client.request(line, headers, body);
    expect((JSON.parse(answer.body.toString()) as ErrorBody).error.kind).toBe(kind);
  });

  it('is told with what became of an upload', async () => {
    const answer = await client.upload(form());
    const id = answer.headers.get('x-stagedoor-upload-id') ?? '';
    const status = (await (await client.send(`/v1/uploads/${id}`)).json()) as ErrorBody;
    expect(status.error).toMatchObject({ code: 400, kind: 'NoFile' });
  });
});

// A reported case: `If-None-Match: *` behind 1,990 headers.
describe('behind 1,500 other headers', () => {
  const fillers = Array.from({ length: 1500 }, (_, i) => `${i.toString(36)}:`).join('\r\n');
  const behind = (header: string): Headers => ({ 'x-first': `1\r\n${fillers}\r\n${header}` });

  beforeEach(() => client.upload(form(filePart('f.csv', 'good'))));

  it.each([
    ['If-None-Match: *', 412],
    ['If-Match: "other"', 412],
    ['Content-MD5: AAAAAAAAAAAAAAAAAAAAAA==', 400],
    ['x-stagedoor-overwrite: fail', 412],
    ['Content-Encoding: gzip', 415],
  ])('%s of an upload counts', async (header, status) => {
    const headers = { 'content-length': '3', ...behind(header) };
    expect((await client.request('PUT /v1/stages/~/files/f.csv', headers, 'new')).status).toBe(status);
    expect(await client.content('~', 'f.csv')).toBe('good');
  });

  it('X-Forwarded-For keeps a user without a password out', async () => {
    const answer = await client.request('GET /v1/stages', behind('X-Forwarded-For: 10.0.0.1'));
    expect(answer.status).toBe(401);
  });

  it('Content-Length counts', async () => {
    const answer = await client.request('PUT /v1/stages/~/files/f.csv', behind('Content-Length: 3'), 'new');
    expect(answer.status).toBe(200);
    expect(await client.content('~', 'f.csv')).toBe('new');
  });
});

// A reported case: an unescaped `?` in a file's URL.
describe('a query that a route does not take', () => {
  it.each(['PUT', 'GET', 'HEAD', 'DELETE'])(
    'of %s of a file is refused, and changes nothing',
    async (method) => {
      await client.upload(form(filePart('what', 'good')));
      for (const path of ['what?now.csv', 'what?', 'what?a=b&c']) {
        const answer = await client.request(`${method} /v1/stages/~/files/${path}`, {
          'content-length': '0',
        });
        expect(answer.status).toBe(400);
        if (method !== 'HEAD') {
          await expectError(answer, { status: 400, code: 1006, kind: 'InvalidRequest', message: /%3F/ });
        }
      }
      expect(await client.content('~', 'what')).toBe('good');
    },
  );

  it.each(['PUT', 'GET', 'DELETE'])('which a # begins, of %s, is refused as well', async (method) => {
    await client.upload(form(filePart('what', 'good')));
    const answer = await client.request(`${method} /v1/stages/~/files/what#now.csv`, {
      'content-length': '0',
    });
    await expectError(answer, { status: 400, code: 1006, kind: 'InvalidRequest', message: /%23/ });
    expect(await client.content('~', 'what')).toBe('good');
  });

  it.each(['GET', 'PUT'])('of a presigned %s is refused', async (method) => {
    const { url } = await presigned(client, '~', { method, path: 'what' });
    const answer = await client.request(`${method} ${new URL(url).pathname}?now.csv`, {
      'content-length': '0',
    });
    await expectError(answer, { status: 400, code: 1006, message: /%3F/ });
  });

  it.each([
    [
      'GET /v1/stages/~/files?prefx=a',
      /prefx is unknown here: it takes prefix, pattern, delimiter, cursor, limit/,
    ],
    ['DELETE /v1/stages/~/files?prefix=a&limit=1', /limit is unknown here: it takes prefix, pattern/],
    ['GET /v1/stages?name=a', /name is unknown here: it takes like/],
    ['GET /v1/stages/MyStage?x=1', /parameter x: this route takes none/],
    ['DELETE /v1/stages/MyStage?if_exists=1', /if_exists/],
    ['GET /v1/uploads/x?y=1', /parameter y/],
    ['PUT /v1/upload_to_stage?stage_name=~', /stage_name.*Headers name the stage/],
  ])('of %s is refused by name', async (line, message) => {
    const headers = line.includes('upload_to') ? { 'content-type': FORM_TYPE, 'content-length': '0' } : {};
    await expectError(await client.request(line, headers), { status: 400, code: 1006, message });
  });

  it('is passed over where clients and probes send some', async () => {
    for (const path of ['/health?x', '/ready?x', '/metrics?x=1']) {
      expect((await client.send(path)).status).toBe(200);
    }
    const login = await client.postJson('/v1/session/login?disable_session_token=true&x=1', {});
    expect(login.status).toBe(200);
  });
});

// A reported case: bare refusals.
describe('a refusal says what to write instead', () => {
  const sized = { 'content-length': '1' };
  it.each<[string, Headers, number, RegExp]>([
    ['PUT /v1/upload_to_stage', sized, 415, /-F upload=@file.*PUT \/v1\/stages.*-T file/],
    ['PUT /v1/upload_to_stage', { ...sized, stage_name: '~' }, 415, /-F upload=@file.*-T file/],
    ['PUT /v1/upload_to_stage/f.csv', sized, 404, /-F upload=@file.*-T file/],
    ['PUT /v1/upload_to_stage', { ...sized, 'content-type': FORM_TYPE }, 400, /x-databend-stage-name/],
    ['GET /upload_to_stage', {}, 404, /begin with \/v1\//],
    ['GET /v1/stages/~/files?pattern=*.parquet', {}, 400, /regular expression: write \.\*\\\.parquet/],
    ['DELETE /v1/stages/~/files?pattern=**/*.csv', {}, 400, /write \.\*\/\.\*\\\.csv/],
    ['GET /v1/stages/~/files?limit=1&limit=2', {}, 400, /limit: must be a string, not an array/],
    ['GET /v1/stages/@~/files', {}, 404, /The stage name is ~ alone\./],
    ['GET /v1/stages/mystage', {}, 404, /There is 'MyStage': case matters/],
    ['DELETE /v1/stages/MYSTAGE', {}, 404, /There is 'MyStage'/],
  ])('%s (%j) is %d', async (line, headers, status, message) => {
    const answer = await client.request(line, headers, headers['content-length'] === '1' ? 'x' : '');
    await expectError(answer, { status, code: expect.any(Number) as number, message });
  });

  it.each([
    ['@~', /name is ~ alone\./],
    ['@@~', /name is ~ alone\./],
    ['%7E', /name is ~ alone\./],
    ['%40~%2Fsub', /name is ~ alone: the directory sub goes/],
    ['~/sub', /name is ~ alone: the directory sub goes into the header x-databend-relative-path/],
    ['@~/a/b/', /the directory a\/b goes/],
    ['@MyStage', /name is MyStage alone/],
    ["'MyStage'", /name is MyStage alone/],
    ['MyStage/', /name is MyStage alone/],
    ['myStage', /There is 'MyStage'/],
    ['nope', /Stage 'nope' does not exist\."/],
  ])('to an upload into %j', async (name, message) => {
    const { status, body } = await client.upload(form(filePart('f')), { stage_name: name });
    expect([status, body.toString()]).toEqual([404, expect.stringMatching(message)]);
  });

  it.each<[object, RegExp]>([
    [{ name: 's', file_format: 'csv' }, /file_format: must be an object, as in \{"type": "csv"\}/],
    [{ name: 's', file_format: ['csv'] }, /\{"type": "csv"\}/],
    [{ name: 1 }, /name: must be a string, not a number/],
    [{}, /name: is missing: it must be a string/],
    [[], /must be an object, not an array/],
    [{ name: 's', or_replace: 'yes' }, /or_replace: must be true or false, not a string/],
    [{ name: 's', url: 's3://b/', connection: 'x' }, /connection: must be an object, not a string/],
    [{ name: 's', nmae: 's' }, /nmae is unknown here: it takes name, url/],
  ])('to CREATE STAGE of %j', async (body, message) => {
    const answer = await client.postJson('/v1/stages', body);
    const { error } = await expectError(answer, { status: 400, code: 1006, message });
    expect(error.message).not.toMatch(/Invalid input|expected|received|Unrecognized/);
  });

  it('to POST /v1/query too', async () => {
    const message = /sql: must be a string, not a number.*Send JSON as in/;
    await expectError(await client.postJson('/v1/query', { sql: 1 }), { status: 400, message });
  });

  it('and tells no stage to whom it is hidden', async () => {
    const { UserService } = await import('../../../src/users/accounts/user.service.js');
    await testApp.app.get(UserService).save('ann', 'secret', { isAdmin: false });
    const { basic } = await import('../support/client.js');
    const ann = new Client(testApp, basic('ann', 'secret'));
    const answer = await ann.send('/v1/stages/mystage');
    await expectError(answer, { status: 404, code: 2501, message: /^Stage 'mystage' does not exist\.$/ });
  });
});
