import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { goProgram } from '../../bench/peers/found-program.mjs';
import { MC } from '../../bench/peers/mc.mjs';
import { findMinio } from '../../scripts/lib/minio-source.mjs';
import { startPostgres, type PostgresServer } from '../../scripts/lib/postgres-server.mjs';
import { findPostgres } from '../../scripts/lib/postgres-source.mjs';
import { composeServices } from './support/compose/compose-file.js';
import { Composed, freeUrl, healthCheck, isOk } from './support/compose/composed.js';
import { findProxy } from './support/front-proxy.js';
import { removeFolder, startServer, temporaryFolder, type ServerProcess } from './support/server-process.js';
import { BOOKS, StageClient } from './support/stage-client.js';

const SERVICES = composeServices('docker-compose.scale.yml');
const SERVERS = ['stagedoor-1', 'stagedoor-2', 'stagedoor-3'];
const HAPROXY_ADDRESS = '172.30.17.2';
const HAPROXY_CONFIG = resolve(import.meta.dirname, '../../deploy/haproxy.cfg');
const haproxyConfig = await readFile(HAPROXY_CONFIG, 'utf8');

describe('docker-compose.scale.yml', () => {
  it('has three servers with the same settings, which HAProxy knows', () => {
    const names = Object.keys(SERVICES).filter((name) => name.startsWith('stagedoor'));
    expect(names).toEqual(SERVERS);
    for (const name of SERVERS) expect(SERVICES[name]).toEqual(SERVICES[SERVERS[0] ?? '']);
    const known = [...haproxyConfig.matchAll(/^ +server (\S+) (\S+):8000$/gm)];
    // Those that are ready, and all of them while none is.
    const both = [...SERVERS, ...SERVERS].map((name) => [name, name]);
    expect(known.map(([, name, host]) => [name, host])).toEqual(both);
  });

  it('trusts what HAProxy says of clients, and nobody else', () => {
    expect(SERVICES['haproxy']?.networks).toEqual({ front: { ipv4_address: HAPROXY_ADDRESS } });
    for (const name of SERVERS)
      expect(SERVICES[name]?.environment).toMatchObject({ TRUSTED_PROXIES: HAPROXY_ADDRESS });
  });

  it('publishes HAProxy alone', () => {
    const published = Object.entries(SERVICES).filter(([, { ports }]) => ports !== undefined);
    expect(published.map(([name]) => name)).toEqual(['haproxy']);
    for (const name of ['minio', 'postgres']) expect(SERVICES[name]?.networks).toEqual(['back']);
  });

  it('keeps nothing in a server: no volume but that of the keys', () => {
    for (const name of SERVERS)
      expect(SERVICES[name]?.volumes).toEqual(['stagedoor-keys:/keys/stagedoor:ro']);
  });

  it('asks nobody by Node whether it is well', () => {
    for (const { healthcheck } of Object.values(SERVICES))
      expect(JSON.stringify(healthcheck?.test ?? [])).not.toContain('node');
  });
});

const minio = await findMinio(() => undefined);
const postgres = await findPostgres(() => undefined);
const mc = await goProgram(MC, () => undefined).catch(() => undefined);
const haproxy = findProxy('haproxy');
const reason =
  minio.reason ??
  postgres.reason ??
  (mc === undefined ? 'no mc can be built: install Go' : undefined) ??
  (haproxy === undefined ? 'apt-get install haproxy' : undefined);
if (reason !== undefined) console.warn(`The services of docker-compose.scale.yml are not run: ${reason}`);

(haproxy === undefined ? it.skip : it)('HAProxy accepts deploy/haproxy.cfg as it stands', () => {
  expect(spawnSync(haproxy ?? '', ['-c', '-f', HAPROXY_CONFIG], { encoding: 'utf8' })).toMatchObject({
    status: 0,
  });
});

(reason === undefined ? describe : describe.skip)(
  'the services of docker-compose.scale.yml as processes',
  () => {
    const ends: (() => Promise<unknown>)[] = [];
    let folder: string;
    let composed: Composed;
    let database: PostgresServer;
    let servers: readonly ServerProcess[];
    let base: string;
    let proxy: ChildProcess;
    let proxyLog = '';
    let stages: StageClient;
    let password: string;

    beforeAll(async () => {
      if (minio.reason !== undefined || postgres.reason !== undefined) return;
      folder = await temporaryFolder();
      ends.unshift(() => removeFolder(folder));
      const storeUrl = await freeUrl();
      const urls = await Promise.all(SERVERS.map(freeUrl));
      base = await freeUrl();
      const keysOnly = await composedAt({});
      keysOnly.run('keys');
      const superuser = { name: 'postgres', password: await keysOnly.key('postgres/password') };
      database = await startPostgres(postgres.bin, { superuser });
      ends.unshift(() => database.remove());
      composed = await composedAt({
        'http://minio:9000': storeUrl,
        'postgres:5432': `127.0.0.1:${String(database.port)}`,
        [HAPROXY_ADDRESS]: '127.0.0.1',
        'bind :8000': `bind ${new URL(base).host}`,
        '127.0.0.1/8000': `127.0.0.1/${new URL(base).port}`,
        ...Object.fromEntries(SERVERS.map((name, i) => [`${name}:8000`, new URL(urls[i] ?? '').host])),
      });
      composed.run('keys');
      const store = await composed.startMinio(
        minio.command({ port: Number(new URL(storeUrl).port), folder }).file,
        storeUrl,
      );
      ends.unshift(() => killed(store));
      composed.run('buckets');
      makeDatabase();
      servers = await Promise.all(SERVERS.map((name, i) => startComposed(name, urls[i] ?? '')));
      await startHaproxy();
      password = await composed.key('stagedoor/root-password');
      stages = new StageClient(base, password);
    }, 180_000);

    afterAll(async () => {
      for (const end of ends) await end();
    });

    async function composedAt(hosts: Readonly<Record<string, string>>): Promise<Composed> {
      const bin = postgres.reason === undefined ? postgres.bin : '';
      const programs = [resolve(mc ?? '', '..'), bin];
      return Composed.at(SERVICES, { folder, hosts, programs, folders: ['data/minio', 'data/postgres'] });
    }

    function makeDatabase(): string {
      return composed.run('database', { PGHOST: '127.0.0.1', PGPORT: String(database.port) });
    }

    async function startComposed(name: string, url: string): Promise<ServerProcess> {
      const settings = { ...composed.settingsOf(name), PORT: new URL(url).port };
      const server = await startServer(join(folder, name), settings);
      ends.unshift(() => server.stop());
      return server;
    }

    async function startHaproxy(): Promise<void> {
      const file = join(folder, 'haproxy.cfg');
      await writeFile(file, composed.onThisMachine(haproxyConfig));
      proxy = spawn(haproxy ?? '', ['-db', '-f', file], { stdio: ['ignore', 'pipe', 'ignore'] });
      proxy.stdout?.setEncoding('utf8').on('data', (text: string) => (proxyLog += text));
      ends.unshift(() => killed(proxy));
      while (!(await isOk(`${base}/ready`))) await delay(100);
    }

    it('make random keys, for nobody else to read, and keep them', async () => {
      for (const key of [
        'minio/root-password',
        'postgres/password',
        'stagedoor/secret-key',
        'stagedoor/root-password',
      ])
        expect(await composed.key(key)).toMatch(/^[\da-f]{32}$/);
      const connectionKey = await composed.key('stagedoor/connection-key');
      expect(Buffer.from(connectionKey, 'base64')).toHaveLength(32);
      expect((await stat(join(folder, 'keys/stagedoor/connection-key'))).mode & 0o777).toBe(0o600);
      expect(composed.run('keys')).toBe('');
      expect(await composed.key('stagedoor/connection-key')).toBe(connectionKey);
    });

    it('start again as they are', () => {
      expect(makeDatabase()).toBe('');
      expect(() => composed.run('buckets')).not.toThrow();
    });

    it('give the servers a user of PostgreSQL that owns its database, and is no superuser', async () => {
      const url = await composed.key('stagedoor/database-url');
      const facts = 'SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user';
      const bin = postgres.reason === undefined ? postgres.bin : '';
      const run = spawnSync(join(bin, 'psql'), ['-XAt', url, '-c', facts], { encoding: 'utf8' });
      expect(run).toMatchObject({ status: 0, stdout: 'f|f|f\n' });
    });

    it('serve the same stages and files: what came in by one is there on all of them', async () => {
      expect((await stages.createStage({ name: 'shared' })).status).toBe(201);
      expect((await stages.uploadBooks('shared')).status).toBe(200);
      for (const { url } of servers) {
        const [file] = await new StageClient(url, password).listFiles('shared');
        expect(file).toMatchObject({ name: BOOKS, md5: 'da328a23d1f7ca7d93e448f9e4a0d4d1' });
      }
    });

    it('spread requests, and write no presigned URL to the log of HAProxy', async () => {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ method: 'GET', path: 'a.csv' });
      const answer = await stages.send('/v1/stages/~/presign', { method: 'POST', headers, body });
      const { url } = (await answer.json()) as { url: string };
      expect(url.startsWith(`${base}/v1/presigned/`)).toBe(true);
      await Promise.all(Array.from({ length: 12 }, () => fetch(url)));
      while (!SERVERS.every((name) => proxyLog.includes(` ${name} GET /v1/presigned/*** `))) await delay(50);
      expect(proxyLog).not.toContain(url.split('/').at(-2));
    });

    it('let nobody in without the password that was made, and know who asks', async () => {
      const forged = { 'x-forwarded-for': '203.0.113.9' };
      const answer = await new StageClient(base).send('/v1/stages', { headers: forged });
      expect(answer.status).toBe(401);
      const lines = () => servers.flatMap((server) => server.logs().split('\n'));
      const refusals = () => lines().filter((line) => line.includes('"res":{"status":401'));
      while (refusals().length === 0) await delay(50);
      expect(refusals()).toEqual([expect.stringContaining('"remoteAddress":"127.0.0.1"')]);
    });

    it('are looked at through HAProxy by a health check without Node', () => {
      const [, ...command] = SERVICES['haproxy']?.healthcheck?.test ?? [];
      const here = command.map((text) => composed.onThisMachine(text));
      expect(healthCheck(here, {})).toBe(0);
      expect(healthCheck(command, {})).not.toBe(0); // nothing listens on port 8000 here
    });

    it('go on when one of them is killed, and when another one ends', async () => {
      servers[0]?.signal('SIGKILL');
      expect(await servers[1]?.stop()).toBe(0);
      while (proxyLogHasNot(' is DOWN', 2)) await delay(50);
      for (let i = 0; i < 10; i++) expect((await stages.listFiles('shared')).length).toBe(1);
    });

    it('answer 503 with Retry-After where none is left', async () => {
      expect(await servers[2]?.stop()).toBe(0);
      while (proxyLogHasNot(' is DOWN', 3)) await delay(50);
      const answer = await stages.send('/v1/stages');
      expect({ status: answer.status, after: answer.headers.get('retry-after') }).toEqual({
        status: 503,
        after: '5',
      });
    });

    function proxyLogHasNot(text: string, times: number): boolean {
      return proxyLog.split(text).length <= times;
    }
  },
);

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}
