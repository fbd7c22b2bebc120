import { UserService } from '../../../src/users/accounts/user.service.js';
import { newDatabaseUrl } from '../../support/test-database.js';
import { command } from '../support/admin-command.js';
import { basic, Client } from '../support/client.js';
import { expectError } from '../support/expectations.js';
import { follow, presigned, type PresignedUrl } from '../support/presigned.js';
import { removeFolder, startTestApp, temporaryFolder, type TestApp } from '../support/test-app.js';

const DOWNLOAD = { method: 'GET', path: 'a.csv' };
const UPLOAD = { method: 'PUT', path: 'a.csv' };
const KEY = Buffer.alloc(32, 7).toString('base64');
const WITH_PASSWORD = {
  status: 403,
  code: 1063,
  kind: 'PresignedUrlRevoked',
  message: /has another password now/,
};
const WITH_KEY = {
  status: 403,
  code: 1063,
  kind: 'InvalidSignature',
  message: /the signing key has been changed since/,
};
const EXTERNAL = {
  name: 'ext',
  url: 's3://bucket/p/',
  connection: { endpoint_url: 'http://127.0.0.1:1', aws_key_id: 'AKIDEXAMPLE', aws_secret_key: 'secret' },
};

let folder: string;
let shared: Readonly<Record<string, string>>;
let running: TestApp[];

beforeEach(async () => {
  folder = await temporaryFolder();
  shared = {
    CONNECTION_KEY: KEY,
    DATABASE_URL: await newDatabaseUrl(),
    INTERNAL_STORAGE_URL: `fs://${folder}/internal/`,
  };
  running = [];
});

afterEach(async () => {
  for (const app of running) await app.close();
  await removeFolder(folder);
});

async function start(settings: Readonly<Record<string, string>> = {}): Promise<TestApp> {
  const app = await startTestApp({ ...shared, ...settings });
  running.push(app);
  return app;
}

async function restart(settings: Readonly<Record<string, string>> = {}): Promise<TestApp> {
  for (const app of running.splice(0)) await app.close();
  return start(settings);
}

async function urlsOf(client: Client): Promise<readonly PresignedUrl[]> {
  return [await presigned(client, '~', UPLOAD), await presigned(client, '~', DOWNLOAD)];
}

const at = (app: TestApp, { url, ...more }: PresignedUrl): PresignedUrl => ({
  ...more,
  url: url.replace(/^http:\/\/[^/]+/, app.url),
});

async function expectServed(app: TestApp, urls: readonly PresignedUrl[]): Promise<void> {
  for (const url of urls) expect((await follow(at(app, url), 'content')).status).toBe(200);
}

async function expectRefused(
  app: TestApp,
  urls: readonly PresignedUrl[],
  refusal: typeof WITH_KEY,
): Promise<void> {
  for (const url of urls) await expectError(await follow(at(app, url), 'of somebody'), refusal);
}

describe('presigned URLs of root', () => {
  it('end when a start brings another password, and not when it brings the same one', async () => {
    const app = await start({ ROOT_PASSWORD: 'first' });
    const urls = await urlsOf(new Client(app, basic('root', 'first')));
    await expectServed(app, urls);
    await expectServed(await restart({ ROOT_PASSWORD: 'first' }), urls);
    await expectServed(await restart(), urls);
    await expectRefused(await restart({ ROOT_PASSWORD: 'second' }), urls, WITH_PASSWORD);
    // Not even the old password brings them back.
    await expectRefused(await restart({ ROOT_PASSWORD: 'first' }), urls, WITH_PASSWORD);
  });

  it('of an empty password end with it, and for good', async () => {
    const urls = await urlsOf(new Client(await start()));
    await expectServed(await restart(), urls);
    await expectRefused(await restart({ ROOT_PASSWORD: 'first' }), urls, WITH_PASSWORD);
    await expectRefused(await restart({ ROOT_PASSWORD_EMPTY: 'yes' }), urls, WITH_PASSWORD);
  });
});

it('a password that was changed ends at the next request of every server, and its URLs with it', async () => {
  const servers = [await start(), await start()] as const;
  const [app] = servers;
  const users = app.app.get(UserService);
  const urls: PresignedUrl[] = [];
  await users.save('ann', 'first', { isAdmin: false });
  for (const server of servers) urls.push(...(await urlsOf(new Client(server, basic('ann', 'first')))));
  for (const server of servers) await expectServed(server, urls);
  await users.save('ann', 'second', { isAdmin: false });
  for (const server of servers) {
    const ann = new Client(server, basic('ann', 'first'));
    expect((await ann.postJson('/v1/stages/~/presign', DOWNLOAD)).status).toBe(401);
    expect((await ann.postJson('/v1/session/login', {})).status).toBe(401);
    await expectRefused(server, urls, WITH_PASSWORD);
    await expectServed(server, await urlsOf(new Client(server, basic('ann', 'second'))));
  }
});

describe('end-presigned-urls', () => {
  it('ends all URLs at once, on a server that runs, and leaves connections readable', async () => {
    const app = await start();
    const client = new Client(app);
    expect((await client.createStage(EXTERNAL)).status).toBe(201);
    const urls = await urlsOf(client);
    await expectServed(app, urls);
    const outcome = await command({ ...shared, DATA_DIR: folder }, 'end-presigned-urls');
    expect(outcome).toEqual({
      code: 0,
      errors: '',
      output: 'The key that signs presigned URLs is another one: all URLs made before have ended.\n',
    });
    await expectRefused(app, urls, WITH_KEY);
    const renewed = await urlsOf(client);
    await expectServed(app, renewed);
    await expectServed(await restart(), renewed);
    const shown = (await (await new Client(running[0] ?? app).send('/v1/stages/ext')).json()) as object;
    expect(shown).toMatchObject({ url: 's3://bucket/p/' });
  });

  it('makes a key with another id each time', async () => {
    const client = new Client(await start());
    const ids = new Set<string | undefined>();
    for (let i = 0; i < 3; i++) {
      const { url } = await presigned(client, '~', DOWNLOAD);
      ids.add(/\.([\da-f]{8})[\w-]{43}\/a\.csv$/.exec(url)?.[1]);
      await command({ ...shared, DATA_DIR: folder }, 'end-presigned-urls');
    }
    expect(ids.size).toBe(3);
    expect(ids).not.toContain(undefined);
  });
});

describe('an upload by a presigned URL', () => {
  const key = { 'idempotency-key': 'of-the-maker' };

  it('takes no Idempotency-Key, so that it neither uses up its maker’s keys nor gets their answers', async () => {
    const client = new Client(await start());
    const url = await presigned(client, '~', UPLOAD);
    const refusal = {
      status: 400,
      kind: 'IdempotencyKeyRefused',
      message: /takes no Idempotency-Key: leave/,
    };
    const keyed = { ...url, headers: { ...url.headers, ...key } };
    await expectError(await follow(keyed, 'of somebody'), refusal);
    expect((await client.send('/v1/stages/~/files/a.csv')).status).toBe(404);

    const own = { method: 'PUT', headers: key, body: 'of the maker' };
    const first = await client.send('/v1/stages/~/files/a.csv', own);
    expect(first.status).toBe(201);
    await expectError(await follow(keyed, 'of the maker'), refusal);
    await expectError(await follow({ ...keyed, headers: { 'idempotency-key': '' } }, 'x'), refusal);
    expect((await follow(url, 'by the URL')).status).toBe(200);
    const again = await client.send('/v1/stages/~/files/a.csv', own);
    expect([again.status, await again.text()]).toEqual([201, await first.text()]);
    expect(await client.content('~', 'a.csv')).toBe('by the URL');
  });
});
