import { randomUUID } from 'node:crypto';
import { UserService } from '../../../src/users/accounts/user.service.js';
import { basic, Client, type Headers } from '../support/client.js';
import { expectError } from '../support/expectations.js';
import type { RawAnswer } from '../support/raw-connection.js';
import { removeFolder, startTestApp, temporaryFolder, type TestApp } from '../support/test-app.js';

const PAGE = 'https://app.example';
const STAGES = 'GET /v1/stages';

let testApp: TestApp;

/** The cases of a server with these settings. */
function onServer(settings: Readonly<Record<string, string>>, cases: () => void): void {
  describe(`with ${JSON.stringify(settings)}`, () => {
    beforeAll(async () => {
      testApp = await startTestApp(settings);
    });
    afterAll(() => testApp.close());
    cases();
  });
}

function ask(line: string, headers: Headers = {}, authorization?: string): Promise<RawAnswer> {
  return new Client(testApp, authorization).request(line, headers);
}

onServer({}, () => {
  it.each<[string, Headers]>([
    ['rebinds a name of its own', { host: 'evil.example:8000' }],
    ['is of another origin', { origin: 'http://evil.example' }],
    ['is of a file', { origin: 'null' }],
    ['shows an image of ours', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ['is of another port', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' }],
  ])('a page that %s is not root where root has no password', async (_what, headers) => {
    await expectError(await ask(STAGES, headers), { status: 401, code: 5100, message: /this machine only/ });
    await expectError(await ask('POST /v1/query', headers), {
      status: 401,
      code: 5100,
      message: /this machine only/,
    });
  });

  it('a forwarding header counts behind any number of others', async () => {
    const fillers = Object.fromEntries(Array.from({ length: 1500 }, (_, at) => [`b${String(at)}`, '1']));
    const answer = await ask(STAGES, { ...fillers, 'x-forwarded-for': '203.0.113.9' });
    await expectError(answer, { status: 401, code: 5100, message: /a proxy has forwarded it/ });
  });

  it('a page may ask for nothing: no answer allows its origin, and preflights are refused', async () => {
    const preflight = { origin: PAGE, 'access-control-request-method': 'PUT' };
    const answer = await ask('OPTIONS /v1/stages', preflight);
    expect(answer.status).toBe(405);
    for (const { headers } of [answer, await ask('GET /health', { origin: PAGE })]) {
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  it('a script of a browser is refused without a challenge, which would raise a password box', async () => {
    const script = { authorization: '', 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' };
    expect((await ask(STAGES, script)).headers.get('www-authenticate')).toBeUndefined();
    const navigation = { ...script, 'sec-fetch-mode': 'navigate' };
    expect((await ask(STAGES, navigation)).headers.get('www-authenticate')).toMatch(/^Basic/);
    expect((await ask(STAGES, { authorization: '' })).headers.get('www-authenticate')).toMatch(/^Basic/);
  });

  it('who sends a token that is refused is not asked for a password: a page over plain http says nothing else', async () => {
    const answer = await ask(STAGES, { authorization: 'Bearer of-a-session-that-has-ended' });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="Stagedoor"');
  });

  it('nobody is believed about ids of requests', async () => {
    const answer = await ask('GET /health', { 'x-request-id': 'chosen' });
    expect(answer.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
  });
});

onServer({ ROOT_PASSWORD: 'secret', CORS_ORIGINS: PAGE, ALLOWED_HOSTS: 'localhost,.files.example' }, () => {
  const root = basic('root', 'secret');

  it.each([
    ['OPTIONS /v1/upload_to_stage', 'PUT'],
    ['OPTIONS /v1/stages/~/files/a.csv', 'DELETE'],
    ['OPTIONS /v1/presigned/x.y/a.csv', 'PUT'],
    ['OPTIONS /v1/query', 'POST'],
  ])('the preflight %s for %s is answered without credentials', async (line, method) => {
    const answer = await ask(line, {
      authorization: '',
      origin: PAGE,
      'access-control-request-method': method,
      'access-control-request-headers': 'authorization,content-type,x-stagedoor-overwrite',
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe(PAGE);
    expect(answer.headers.get('access-control-allow-methods')).toContain(method);
    expect(answer.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(answer.headers.get('access-control-allow-credentials')).toBeUndefined();
  });

  it('its page reads answers, refusals too, and their headers', async () => {
    const good = await ask(STAGES, { origin: PAGE }, root);
    const refused = await ask(STAGES, { origin: PAGE, authorization: '' });
    expect([good.status, refused.status]).toEqual([200, 401]);
    for (const { headers } of [good, refused]) {
      expect(headers.get('access-control-allow-origin')).toBe(PAGE);
      expect(headers.get('access-control-expose-headers')).toMatch(/etag.*x-request-id/);
    }
  });

  it('no other page does', async () => {
    const answer = await ask(STAGES, { origin: 'https://app.example.evil.example' }, root);
    expect(answer.headers.get('access-control-allow-origin')).toBeUndefined();
  });

  it.each(['localhost', 'LocalHost:8000', 'files.example', 'a.files.example', 'a.files.example.:443'])(
    'the host %s is answered',
    async (host) => {
      expect((await ask(STAGES, { host }, root)).status).toBe(200);
    },
  );

  it.each(['127.0.0.1', 'evilfiles.example', 'files.example.evil', 'localhost.evil'])(
    'the host %s is 421, but for probes',
    async (host) => {
      await expectError(await ask(STAGES, { host }, root), {
        status: 421,
        code: 421,
        message: /ALLOWED_HOSTS/,
      });
      expect((await ask('GET /health', { host, authorization: '' })).status).toBe(200);
    },
  );
});

onServer({ ROOT_PASSWORD: 'secret', TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8' }, () => {
  const root = basic('root', 'secret');

  it('what a trusted proxy says of the client is what counts and what the log says', async () => {
    const trace = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const id = randomUUID();
    const answer = await ask(
      STAGES,
      { 'x-forwarded-for': '192.0.2.66, 203.0.113.9, 10.1.1.1', 'x-request-id': id, traceparent: trace },
      root,
    );
    expect(answer.headers.get('x-request-id')).toBe(id);
    const line = testApp
      .logs()
      .split('\n')
      .find((each) => each.includes(id) && each.includes('responseTime'));
    expect(JSON.parse(line ?? '{}')).toMatchObject({
      req: { remoteAddress: '203.0.113.9' },
      reqId: id,
      traceparent: trace,
    });
  });

  it.each(['a b', 'x'.repeat(129), 'é', 'line\tbreak'])('the id %j is replaced', async (id) => {
    const answer = await ask('GET /health', { 'x-request-id': id });
    expect(answer.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
  });

  it('a presigned URL begins as it says', async () => {
    const answer = await new Client(testApp, root).request(
      'POST /v1/stages/~/presign',
      {
        'content-type': 'application/json',
        'content-length': '31',
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'files.example',
      },
      '{"method":"GET","path":"a.csv"}',
    );
    expect(JSON.parse(answer.body.toString())).toMatchObject({
      url: expect.stringMatching(/^https:\/\/files\.example\//) as string,
    });
  });

  it('guesses of one client delay no other behind the same proxy', async () => {
    await testApp.app.get(UserService).save('eve', 'right', { isAdmin: false });
    const signIn = (client: string, password: string): Promise<RawAnswer> =>
      ask(STAGES, { 'x-forwarded-for': client }, basic('eve', password));
    let last = await signIn('192.0.2.1', 'wrong');
    for (let guess = 0; guess < 15 && last.status !== 429; guess++) {
      last = await signIn('192.0.2.1', `wrong ${String(guess)}`);
    }
    expect(last.status).toBe(429);
    expect((await signIn('192.0.2.2', 'wrong')).status).toBe(401);
  });
});

describe('the password of root', () => {
  let folder: string;
  const status = async (settings: Readonly<Record<string, string>>, password: string): Promise<number> => {
    const started = await startTestApp({ DATA_DIR: folder, ...settings });
    try {
      return (await new Client(started, basic('root', password)).send('/v1/stages')).status;
    } finally {
      await started.close();
    }
  };

  beforeAll(async () => {
    folder = await temporaryFolder();
  });
  afterAll(() => removeFolder(folder));

  it('is empty at first, then the one that was set last, until it is asked to be empty', async () => {
    expect(await status({}, '')).toBe(200);
    expect(await status({ ROOT_PASSWORD: 'first' }, 'first')).toBe(200);
    expect(await status({}, 'first')).toBe(200);
    expect(await status({}, '')).toBe(401);
    expect(await status({ ROOT_PASSWORD: 'second' }, 'second')).toBe(200);
    expect(await status({ ROOT_PASSWORD_EMPTY: 'yes' }, '')).toBe(200);
    expect(await status({}, '')).toBe(200);
  });

  it('must be there for CORS_ORIGINS', async () => {
    await expect(status({ CORS_ORIGINS: PAGE }, '')).rejects.toThrow(/CORS_ORIGINS.*set ROOT_PASSWORD/s);
  });
});
