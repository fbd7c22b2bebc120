import { join } from 'node:path';
import { statfs } from 'node:fs/promises';
import { ShutdownState } from '../../../src/common/shutdown-state.js';
import { sqliteDriver } from '../../../src/database/sqlite/sqlite-driver.js';
import type { SpoiledAnswer } from '../../support/permissive-s3/quirks.mjs';
import { startPermissiveS3, type PermissiveS3 } from '../../support/permissive-s3/permissive-s3.mjs';
import { DATABASE_KIND, newDatabaseUrl } from '../../support/test-database.js';
import { describeWithMounts, Mounts } from '../../support/mounts.js';
import { Client } from '../support/client.js';
import { CutProxy } from '../support/cut-proxy.js';
import { samples, samplesIn } from '../support/metrics.js';
import { removeFolder, startTestApp, temporaryFolder, type TestApp } from '../support/test-app.js';

const METRICS_TOKEN = 'token-of-the-collector';
const WITHIN_MS = 10_000;
const CHECKS = ['database', 'storage', 'disk', 'shutdown'];

function startScrapedApp(settings: Readonly<Record<string, string>> = {}): Promise<TestApp> {
  return startTestApp({ METRICS_TOKEN, ...settings });
}

interface ReadyBody {
  readonly status?: string;
  readonly error?: { readonly kind: string; readonly message: string };
  readonly checks: readonly { readonly check: string; readonly ok: boolean; readonly reason?: string }[];
}

async function readiness(
  testApp: TestApp,
): Promise<{ readonly status: number; readonly body: ReadyBody; readonly ms: number }> {
  const startedAt = performance.now();
  const answer = await fetch(`${testApp.url}/ready`);
  const body = (await answer.json()) as ReadyBody;
  return { status: answer.status, body, ms: performance.now() - startedAt };
}

/** Scrapes as a collector does: its token is looked up in no database. */
async function scraped({ url }: TestApp): Promise<ReadonlyMap<string, number>> {
  const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
  expect(answer.status).toBe(200);
  return samplesIn(await answer.text());
}

/** Where a fault is told: the names of the checks that fail. */
interface Told {
  readonly ready: readonly string[];
  readonly metrics: readonly string[];
  readonly log: readonly string[];
}

async function told(testApp: TestApp): Promise<Told> {
  const { body } = await readiness(testApp);
  const found = await scraped(testApp);
  return {
    ready: body.checks.filter(({ ok }) => !ok).map(({ check }) => check),
    metrics: CHECKS.filter((check) => found.get(`stagedoor_ready{check="${check}"}`) === 0),
    log: failuresIn(testApp.logs()),
  };
}

/** The checks whose last line in the log says that they fail. */
function failuresIn(logs: string): string[] {
  const ends = new Map<unknown, unknown>();
  for (const line of logs.split('\n').filter((each) => each.includes('"context":"Health"'))) {
    const { check, ok } = JSON.parse(line) as { readonly check: unknown; readonly ok: unknown };
    ends.set(check, ok);
  }
  return CHECKS.filter((check) => ends.get(check) === false);
}

/** Asks until the fault is told everywhere, as a load balancer does, and fails after ten seconds. */
async function expectTold(testApp: TestApp, checks: readonly string[]): Promise<void> {
  const deadline = performance.now() + WITHIN_MS;
  const expected: Told = { ready: checks, metrics: checks, log: checks };
  for (;;) {
    const found = await told(testApp);
    if (performance.now() > deadline || JSON.stringify(found) === JSON.stringify(expected)) {
      expect(found).toEqual(expected);
      return;
    }
  }
}

describe('/ready', () => {
  let testApp: TestApp;

  beforeAll(async () => {
    testApp = await startScrapedApp();
  });

  afterAll(() => testApp.close());

  it('names each check', async () => {
    const { status, body } = await readiness(testApp);
    expect(status).toBe(200);
    expect(body).toEqual({ status: 'ready', checks: CHECKS.map((check) => ({ check, ok: true })) });
  });

  it('says that the server ends, with the time after which to ask again', async () => {
    const ending = await startTestApp();
    ending.app.get(ShutdownState).begin();
    const answer = await fetch(`${ending.url}/ready`);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
    const { error, checks } = (await answer.json()) as ReadyBody;
    expect(error).toEqual({ code: 503, kind: 'NotReady', message: 'The server is about to end.' });
    expect(checks.at(-1)).toEqual({ check: 'shutdown', ok: false, reason: 'The server is about to end.' });
    await ending.close();
  });

  it('writes no line for a question that is answered as the one before', async () => {
    await readiness(testApp);
    await readiness(testApp);
    const lines = testApp
      .logs()
      .split('\n')
      .filter((line) => line.includes('"/ready"'));
    expect(lines.filter((line) => !line.includes('"level":20'))).toHaveLength(1);
  });
});

describe('the internal storage in S3', () => {
  let s3: PermissiveS3;
  let testApp: TestApp;

  beforeAll(async () => {
    s3 = await startPermissiveS3();
    testApp = await startScrapedApp({
      INTERNAL_STORAGE_URL: `s3://${s3.bucket}/`,
      INTERNAL_STORAGE_ENDPOINT_URL: s3.endpoint,
      INTERNAL_STORAGE_REGION: s3.region,
      INTERNAL_STORAGE_ACCESS_KEY_ID: s3.accessKeyId,
      INTERNAL_STORAGE_SECRET_ACCESS_KEY: s3.secretAccessKey,
    });
  });

  afterAll(async () => {
    await testApp.close();
    await s3.stop();
  });

  afterEach(async () => {
    s3.quirks.answers = [];
    await expectTold(testApp, []);
  });

  it.each<[string, SpoiledAnswer]>([
    ['does not answer', 'hang'],
    ['closes its connections', 'drop'],
    ['refuses the keys', { code: 'AccessDenied' }],
    ['has lost the bucket', { code: 'NoSuchBucket' }],
    ['throttles', { code: 'SlowDown' }],
  ])(
    'that %s is told by /ready, metrics and log within ten seconds, and so is its end',
    async (_what, answer) => {
      s3.quirks.answers = [{ answer }];
      await expectTold(testApp, ['storage']);
    },
  );

  it('is not waited for by /ready, and nothing about it is told to everybody', async () => {
    s3.quirks.answers = [{ answer: 'hang' }];
    const answers = [];
    const until = performance.now() + 9_000;
    while (performance.now() < until) answers.push(await readiness(testApp));
    expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(2_000);
    expect(answers.at(-1)?.body.error?.message).toBe('The storage has not answered within 4 seconds.');
    expect(JSON.stringify(answers)).not.toContain(s3.bucket);
  });

  it('is in the metrics by the kind of its errors', async () => {
    s3.quirks.answers = [{ answer: { code: 'AccessDenied' } }];
    await expectTold(testApp, ['storage']);
    const found = await samples(new Client(testApp));
    const name = 'stagedoor_store_errors_total{scheme="s3",operation="list",kind="PermissionDenied"}';
    expect(found.get(name)).toBeGreaterThan(0);
  });
});

describe('the database', () => {
  it('that cannot be written is told by /ready, metrics and log within ten seconds, and so is its end', async () => {
    const database = await breakableDatabase();
    const testApp = await startScrapedApp(database.settings);
    try {
      await expectTold(testApp, []);
      await database.breakOff();
      await expectTold(testApp, ['database']);
      const { body } = await readiness(testApp);
      expect(body.error).toMatchObject({
        kind: 'NotReady',
        message: expect.stringContaining('database') as string,
      });
      await database.mend();
      await expectTold(testApp, []);
    } finally {
      await testApp.close();
      await database.remove();
    }
  });
});

interface BreakableDatabase {
  readonly settings: Readonly<Record<string, string>>;
  breakOff(): Promise<void>;
  mend(): Promise<void>;
  remove(): Promise<void>;
}

function breakableDatabase(): Promise<BreakableDatabase> {
  return DATABASE_KIND === 'sqlite' ? lockableFile() : severablePostgres();
}

/** Another process of the machine takes the lock. */
async function lockableFile(): Promise<BreakableDatabase> {
  const folder = await temporaryFolder();
  const path = join(folder, 'stages.db');
  let other: InstanceType<ReturnType<typeof sqliteDriver>> | undefined;
  return {
    settings: { DATABASE_URL: `sqlite:${path}` },
    async breakOff() {
      other = new (sqliteDriver())(path);
      other.exec('BEGIN IMMEDIATE');
      return Promise.resolve();
    },
    async mend() {
      other?.close();
      return Promise.resolve();
    },
    remove: () => removeFolder(folder),
  };
}

async function severablePostgres(): Promise<BreakableDatabase> {
  const url = new URL(await newDatabaseUrl());
  const proxy = new CutProxy(`http://${url.host}`);
  await proxy.open();
  url.host = new URL(proxy.endpoint).host;
  return {
    settings: { DATABASE_URL: url.href },
    breakOff() {
      proxy.cut();
      return Promise.resolve();
    },
    mend: () => proxy.open(),
    remove() {
      proxy.cut();
      return Promise.resolve();
    },
  };
}

describeWithMounts('a disk', () => {
  let mounts: Mounts;
  let folder: string;

  beforeEach(async () => {
    folder = await temporaryFolder();
    mounts = new Mounts();
    mounts.tmpfs(folder, 'size=32m');
  });

  afterEach(async () => {
    mounts.close();
    await removeFolder(folder);
  });

  it('with less room than DISK_MIN_FREE_MIB is told by /ready, metrics and log', async () => {
    const { bavail, bsize } = await statfs(folder);
    const testApp = await startScrapedApp({ DATA_DIR: folder, DISK_MIN_FREE_MIB: '30' });
    try {
      await expectTold(testApp, []);
      const client = new Client(testApp);
      const file = { method: 'PUT', body: new Blob([new Uint8Array(4 * 1024 * 1024)]) };
      expect((await client.send('/v1/stages/~/files/f', file)).status).toBe(201);
      await expectTold(testApp, ['disk']);
      const free = (await samples(client)).get('stagedoor_disk_free_bytes{disk="storage"}') ?? 0;
      expect(free).toBeLessThan(bavail * bsize - 4 * 1024 * 1024);
      expect((await client.send('/v1/stages/~/files/f', { method: 'DELETE' })).status).toBe(200);
      await expectTold(testApp, []);
    } finally {
      await testApp.close();
    }
  });

  it('that is not there any more is told by the check of the storage', async () => {
    const place = join(folder, 'internal');
    const testApp = await startScrapedApp({ INTERNAL_STORAGE_URL: `fs://${place}/` });
    try {
      await expectTold(testApp, []);
      await removeFolder(place);
      await expectTold(testApp, ['storage', 'disk']);
    } finally {
      await testApp.close();
    }
  });
});
