import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';

import { goProgram } from '../../bench/peers/found-program.mjs';
import { MC } from '../../bench/peers/mc.mjs';
import { findMinio } from '../../scripts/lib/minio-source.mjs';
import { composeServices, scriptOf } from './support/compose-file.js';
import {
  freePort,
  removeFolder,
  startServer,
  temporaryFolder,
  type ServerProcess,
} from './support/server-process.js';
import { BOOKS, readBooks, StageClient } from './support/stage-client.js';
import { clientOf } from './support/test-minio.js';

const SERVICES = composeServices();
const DOCKERFILE = await readFile(resolve(import.meta.dirname, '../../Dockerfile'), 'utf8');
const names = Object.keys(SERVICES);

function service(name: string): (typeof SERVICES)[string] {
  const found = SERVICES[name];
  if (found === undefined) throw new Error(`The Compose file has no ${name}`);
  return found;
}

/** Runs what a service runs, with its folders and addresses on this machine. */
class Composed {
  constructor(
    private readonly folder: string,
    private readonly minioUrl: string,
    private readonly mc: string,
  ) {}

  run(name: string, environment: Readonly<Record<string, string>> = {}): string {
    const { environment: given = {} } = service(name);
    const env = { ...given, MC_CONFIG_DIR: join(this.folder, 'mc'), ...environment };
    const path = `${resolve(this.mc, '..')}:${String(process.env['PATH'])}`;
    const script = this.onThisMachine(scriptOf(service(name)));
    const run = spawnSync('/bin/sh', ['-ec', script], { env: { PATH: path, ...env }, encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`${name} failed: ${run.stdout}${run.stderr}`);
    return run.stdout;
  }

  onThisMachine(text: string): string {
    return text
      .replaceAll(/(?<![\w/:])\/(?:keys|data|tmp)\b/g, `${this.folder}$&`)
      .replaceAll('http://minio:9000', this.minioUrl)
      .replaceAll('1000:1000', `${String(process.getuid?.())}:${String(process.getgid?.())}`);
  }

  async key(name: string): Promise<string> {
    return readFile(join(this.folder, 'keys', name), 'utf8');
  }
}

async function composedIn(folder: string, minioUrl = '', mc = ''): Promise<Composed> {
  for (const each of ['keys/minio', 'keys/stagedoor', 'data', 'tmp', 'mc']) {
    await mkdir(join(folder, each), { recursive: true });
  }
  return new Composed(folder, minioUrl, mc);
}

describe('every container of the Compose file', () => {
  it.each(names)('gives up what it does not need: %s', (name) => {
    expect(service(name)).toMatchObject({
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      read_only: true,
      user: expect.stringMatching(/^\d+:\d+$/) as string,
      mem_limit: expect.stringMatching(/^\d+[mg]$/) as string,
    });
  });

  it('is no root, but the one that hands out the keys and serves nobody', () => {
    expect(names.filter((name) => service(name).user?.startsWith('0:'))).toEqual(['keys']);
    expect(names.filter((name) => service(name).cap_add !== undefined)).toEqual(['keys']);
    expect(service('keys').ports).toBeUndefined();
  });

  it.each(names)('is of one release: %s', (name) => {
    const { image, build } = service(name);
    expect(build === undefined ? image : 'built').toMatch(/^built$|:RELEASE\.\d{4}-\d\d-\d\dT[\d-]+Z$/);
  });

  it('is reached over loopback only', () => {
    for (const name of names)
      for (const port of service(name).ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('knows no password that others know', () => {
    for (const name of names) {
      const secrets = Object.entries(service(name).environment ?? {}).filter(([key]) =>
        /PASSWORD|SECRET/.test(key),
      );
      for (const [key, value] of secrets) expect(`${key}=${value}`).toMatch(/_FILE=\/keys\/|=$/);
    }
    expect(JSON.stringify(SERVICES)).not.toContain('minioadmin');
  });

  it("sees no keys of another one: the service never MinIO's own", () => {
    const seen = (name: string) => (service(name).volumes ?? []).filter((volume) => volume.includes('keys'));
    expect(seen('stagedoor')).toEqual(['stagedoor-keys:/keys/stagedoor:ro']);
    expect(seen('minio')).toEqual(['minio-keys:/keys/minio:ro']);
  });
});

describe('the image', () => {
  it('starts the process that these tests start, as a user by number, from a base of one release', () => {
    expect(DOCKERFILE).toContain('CMD ["bin/stagedoor"]');
    expect(DOCKERFILE).toMatch(/^USER 1000:1000$/m);
    const bases = [...DOCKERFILE.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
    expect(bases).toEqual(
      bases.map(() => expect.stringMatching(/^node:\d+\.\d+\.\d+-bookworm-slim$/) as string),
    );
  });
});

describe('the keys that the first start makes', () => {
  let folder: string;
  let composed: Composed;

  beforeAll(async () => {
    folder = await temporaryFolder();
    composed = await composedIn(folder);
  });

  afterAll(() => removeFolder(folder));

  it('are random, for nobody else to read, and the password of root is printed once', async () => {
    const printed = composed.run('keys');
    const password = await composed.key('stagedoor/root-password');
    expect(printed).toBe(`The password of root is ${password}\n`);
    const made = [
      'minio/root-user',
      'minio/root-password',
      'stagedoor/secret-key',
      'stagedoor/databend-secret-key',
    ];
    const all = [password, ...(await Promise.all(made.map((name) => composed.key(name))))];
    for (const each of all) expect(each).toMatch(/^[\da-f]{32}$/);
    expect(new Set(all).size).toBe(5);
    expect((await stat(join(folder, 'keys/stagedoor/root-password'))).mode & 0o777).toBe(0o600);
    expect(composed.run('keys')).toBe('');
    expect(await composed.key('stagedoor/root-password')).toBe(password);
  });

  it('are kept, but for a password of root that is given', async () => {
    const before = await composed.key('minio/root-password');
    expect(composed.run('keys', { ROOT_PASSWORD: 'a "long" $password' })).toBe('');
    expect(await composed.key('stagedoor/root-password')).toBe('a "long" $password');
    expect(composed.run('keys')).toBe('');
    expect(await composed.key('stagedoor/root-password')).toBe('a "long" $password');
    expect(await composed.key('minio/root-password')).toBe(before);
  });
});

const minio = await findMinio(() => undefined);
const mc = await goProgram(MC, () => undefined).catch(() => undefined);
const reason = minio.reason ?? (mc === undefined ? 'no mc can be built: install Go' : undefined);
if (reason !== undefined) console.warn(`The services of the Compose file are not run: ${reason}`);

(reason === undefined ? describe : describe.skip)('the services of the Compose file as processes', () => {
  let folder: string;
  let composed: Composed;
  let store: ChildProcess;
  let storeUrl: string;
  let server: ServerProcess;
  let stages: StageClient;

  beforeAll(async () => {
    if (minio.reason !== undefined) return;
    folder = await temporaryFolder();
    const port = await freePort();
    storeUrl = `http://127.0.0.1:${String(port)}`;
    composed = await composedIn(folder, storeUrl, mc ?? '');
    composed.run('keys');
    const { command = '', environment = {} } = service('minio');
    const args = composed.onThisMachine(String(command)).replace(':9001', '127.0.0.1:0').split(' ');
    const env = Object.entries(environment).map(([name, value]) => [name, composed.onThisMachine(value)]);
    const { file } = minio.command({ port, folder });
    store = spawn(file, [...args, '--address', `127.0.0.1:${String(port)}`], {
      env: { PATH: process.env['PATH'], HOME: '/', ...(Object.fromEntries(env) as NodeJS.ProcessEnv) },
      stdio: 'ignore',
    });
    await untilLive(storeUrl);
    composed.run('buckets');
    const settings = Object.entries(service('stagedoor').environment ?? {});
    server = await startServer(
      join(folder, 'stagedoor'),
      Object.fromEntries(
        settings
          .filter(([name]) => name !== 'DATA_DIR')
          .map(([name, value]) => [name, composed.onThisMachine(value)]),
      ),
    );
    stages = new StageClient(server.url, await composed.key('stagedoor/root-password'));
  });

  afterAll(async () => {
    await server.stop();
    store.kill('SIGKILL');
    await once(store, 'close');
    await removeFolder(folder);
  });

  async function asServiceUser(): Promise<ReturnType<typeof clientOf>> {
    const secretAccessKey = await composed.key('stagedoor/secret-key');
    return clientOf({ endpoint: storeUrl, accessKeyId: 'stagedoor', secretAccessKey });
  }

  it("keep files under Databend's keys, small ones and ones in parts", async () => {
    expect((await stages.createStage({ name: 'compose' })).status).toBe(201);
    expect((await stages.uploadBooks('compose')).status).toBe(200);
    const long = await stages.send('/v1/stages/~/files/long.bin', {
      method: 'PUT',
      body: Buffer.alloc(20_000_000, 'x'),
    });
    expect(long.status).toBe(201);
    const client = await asServiceUser();
    const object = await client.send(
      new GetObjectCommand({ Bucket: 'stagedoor', Key: `stage/internal/compose/${BOOKS}` }),
    );
    expect(Buffer.from((await object.Body?.transformToByteArray()) ?? [])).toEqual(await readBooks());
    const check = await stages.send('/v1/stages/compose/check', { method: 'POST' });
    expect(await check.json()).toMatchObject({ ok: true });
    expect((await stages.send('/v1/stages/compose', { method: 'DELETE' })).status).toBe(204);
  });

  it('let nobody in without the password that was made', async () => {
    for (const password of ['', 'stagedoor', 'minioadmin']) {
      const answer = await new StageClient(server.url, password).send('/v1/stages');
      expect(answer.status).toBe(401);
    }
  });

  it("give the service a user of MinIO's that reaches its own bucket and nothing else", async () => {
    const client = await asServiceUser();
    const list = client.send(new ListObjectsV2Command({ Bucket: 'databend' }));
    await expect(list).rejects.toMatchObject({ name: 'AccessDenied' });
    const put = client.send(new PutObjectCommand({ Bucket: 'databend', Key: 'a', Body: 'a' }));
    await expect(put).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('start again as they are', () => {
    expect(composed.run('keys')).toBe('');
    expect(() => composed.run('buckets')).not.toThrow();
  });

  it('make the external stage of the example, which takes files', async () => {
    const script = composed
      .onThisMachine(scriptOf(service('example')))
      .replace('http://stagedoor:8000', server.url);
    const run = spawnSync('/bin/sh', ['-ec', script], { encoding: 'utf8' });
    expect(run).toMatchObject({ status: 0 });
    expect((await stages.uploadBooks('my_external_stage')).status).toBe(200);
  });

  it('are looked at by a health check without Node', async () => {
    const [, quoted = '[]'] = /^ {2}CMD (\["bash".*\])$/m.exec(DOCKERFILE) ?? [];
    const [file = '', ...args] = JSON.parse(quoted) as string[]; // Docker reads JSON there
    const check = (port: string) =>
      spawnSync(file, args, { env: { PORT: port, PATH: process.env['PATH'] } }).status;
    expect(check(new URL(server.url).port)).toBe(0);
    expect(check(String(await freePort()))).not.toBe(0);
    expect(quoted).not.toContain('node');
  });
});

async function untilLive(url: string): Promise<void> {
  const isLive = async (): Promise<boolean> =>
    fetch(`${url}/minio/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isLive())) await delay(50);
}
