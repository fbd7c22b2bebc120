import { spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';

import { goProgram } from '../../bench/peers/found-program.mjs';
import { MC } from '../../bench/peers/mc.mjs';
import { findMinio } from '../../scripts/lib/minio-source.mjs';
import { COMPOSE_FILES, composeServices, scriptOf } from './support/compose/compose-file.js';
import { Composed, freeUrl, healthCheck } from './support/compose/composed.js';
import {
  freePort,
  removeFolder,
  startServer,
  temporaryFolder,
  type ServerProcess,
} from './support/server-process.js';
import { BOOKS, readBooks, StageClient } from './support/stage-client.js';
import { clientOf } from './support/test-minio.js';

const SERVICES = composeServices('docker-compose.yml');
const DOCKERFILE = await readFile(resolve(import.meta.dirname, '../../Dockerfile'), 'utf8');

/** An image of one release: `latest` and its like become another one over night. */
const ONE_RELEASE =
  /^(quay\.io\/minio\/minio:RELEASE\.\d{4}-\d\d-\d\dT[\d-]+Z|postgres:\d+\.\d+-bookworm|haproxy:\d+\.\d+\.\d+)$/;

describe.each(COMPOSE_FILES)('every container of %s', (file) => {
  const services = composeServices(file);
  const entries = Object.entries(services);

  it.each(entries)('gives up what it does not need: %s', (_, service) => {
    expect(service).toMatchObject({
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      read_only: true,
      user: expect.stringMatching(/^\d+:\d+$/) as string,
      mem_limit: expect.stringMatching(/^\d+[mg]$/) as string,
    });
  });

  it('is no root, but the one that hands out the keys and serves nobody', () => {
    const names = (which: (service: (typeof services)[string]) => boolean) =>
      entries.filter(([, service]) => which(service)).map(([name]) => name);
    expect(names(({ user }) => user?.startsWith('0:') ?? true)).toEqual(['keys']);
    expect(names(({ cap_add }) => cap_add !== undefined)).toEqual(['keys']);
    expect(services['keys']?.ports).toBeUndefined();
  });

  it.each(entries)('is of one release: %s', (_, { image, build }) => {
    if (build === undefined) expect(image).toMatch(ONE_RELEASE);
    else expect({ image, build }).toEqual({ image: 'stagedoor:local', build: '.' });
  });

  it('is reached over loopback only', () => {
    const ports = entries.flatMap(([, service]) => service.ports ?? []);
    expect(ports).toEqual(ports.map(() => expect.stringMatching(/^127\.0\.0\.1:/) as string));
  });

  it('knows no password that others know', () => {
    const settings = entries.flatMap(([, { environment = {} }]) => Object.entries(environment));
    const secrets = settings.filter(([name]) => /PASSWORD|SECRET|_KEY(_FILE)?$|DATABASE_URL/.test(name));
    expect(secrets.length).toBeGreaterThan(0);
    for (const [name, value] of secrets) expect(`${name}=${value}`).toMatch(/_FILE=\/keys\/|=$/);
    expect(JSON.stringify(services)).not.toContain('minioadmin');
  });

  it("sees no keys of another one: the service never MinIO's or PostgreSQL's own", () => {
    for (const [name, { volumes = [] }] of entries) {
      const keys = volumes.filter((volume) => volume.includes('-keys:'));
      if (name.startsWith('stagedoor')) expect(keys).toEqual(['stagedoor-keys:/keys/stagedoor:ro']);
      if (name === 'minio') expect(keys).toEqual(['minio-keys:/keys/minio:ro']);
      if (name === 'postgres') expect(keys).toEqual(['postgres-keys:/keys/postgres:ro']);
      if (name === 'haproxy') expect(keys).toEqual([]);
    }
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
    composed = await Composed.at(SERVICES, { folder });
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
    storeUrl = await freeUrl();
    composed = await Composed.at(SERVICES, {
      folder,
      hosts: { 'http://minio:9000': storeUrl },
      programs: [resolve(mc ?? '', '..')],
    });
    composed.run('keys');
    const { file } = minio.command({ port: Number(new URL(storeUrl).port), folder });
    store = await composed.startMinio(file, storeUrl);
    composed.run('buckets');
    server = await startServer(join(folder, 'stagedoor'), composed.settingsOf('stagedoor'));
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
      .onThisMachine(scriptOf(composed.service('example')))
      .replace('http://stagedoor:8000', server.url);
    const run = spawnSync('/bin/sh', ['-ec', script], { encoding: 'utf8' });
    expect(run).toMatchObject({ status: 0 });
    expect((await stages.uploadBooks('my_external_stage')).status).toBe(200);
  });

  it('are looked at by a health check without Node', async () => {
    const [, quoted = '[]'] = /^ {2}CMD (\["bash".*\])$/m.exec(DOCKERFILE) ?? [];
    const command = JSON.parse(quoted) as string[]; // Docker reads JSON there
    expect(healthCheck(command, { PORT: new URL(server.url).port })).toBe(0);
    expect(healthCheck(command, { PORT: String(await freePort()) })).not.toBe(0);
    expect(quoted).not.toContain('node');
  });
});
