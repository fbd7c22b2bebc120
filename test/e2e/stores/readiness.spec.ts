import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { SpoiledAnswer } from '../../support/permissive-s3/quirks.mjs';
import { startPermissiveS3, type PermissiveS3 } from '../../support/permissive-s3/permissive-s3.mjs';
import { describeWithMounts, Mounts } from '../../support/mounts.js';
import { Client } from '../support/client.js';
import { samples } from '../support/metrics.js';
import { removeFolder, temporaryFolder, type TestApp } from '../support/test-app.js';
import { changesIn, expectTold, readiness, startScrapedApp } from './told-readiness.js';

/** What happens, and how the log tells it. */
const FAULTS: readonly (readonly [what: string, answer: SpoiledAnswer, reason: RegExp])[] = [
  ['does not answer', 'hang', /has not answered within 4 seconds/],
  ['closes its connections', 'drop', /has (cut|closed) the connection/],
  ['refuses the keys', { code: 'AccessDenied' }, /AccessDenied/],
  ['has lost the bucket', { code: 'NoSuchBucket' }, /NoSuchBucket/],
  ['throttles', { code: 'SlowDown' }, /SlowDown/],
];

interface InternalS3 {
  readonly s3: PermissiveS3;
  readonly testApp: TestApp;
}

async function startOnS3(): Promise<InternalS3> {
  const s3 = await startPermissiveS3();
  const testApp = await startScrapedApp({
    INTERNAL_STORAGE_URL: `s3://${s3.bucket}/`,
    INTERNAL_STORAGE_ENDPOINT_URL: s3.endpoint,
    INTERNAL_STORAGE_REGION: s3.region,
    INTERNAL_STORAGE_ACCESS_KEY_ID: s3.accessKeyId,
    INTERNAL_STORAGE_SECRET_ACCESS_KEY: s3.secretAccessKey,
  });
  return { s3, testApp };
}

describe('the internal storage in S3', () => {
  let servers: InternalS3[];
  let ends: Promise<unknown>[];

  /** Each fault on a server of its own, all at once: almost all of the time is waiting for the next look. */
  beforeAll(async () => {
    servers = [];
    while (servers.length < FAULTS.length) servers.push(await startOnS3());
    ends = FAULTS.map(async ([, answer, reason], index) =>
      faultIsTold(server(index), answer, reason).catch((error: unknown) => error),
    );
  });

  afterAll(async () => {
    await Promise.all(ends);
    for (const { testApp, s3 } of servers) {
      await testApp.close();
      await s3.stop();
    }
  });

  function server(index = 0): InternalS3 {
    const found = servers[index];
    if (found === undefined) throw new Error('It was not started.');
    return found;
  }

  /** All of them write to the log of the last one, where each fault has a reason of its own. */
  async function faultIsTold(
    { s3, testApp }: InternalS3,
    answer: SpoiledAnswer,
    reason: RegExp,
  ): Promise<void> {
    const isLogged = (): readonly string[] =>
      changesIn(server(FAULTS.length - 1).testApp.logs(), 'storage', false).some((line) => reason.test(line))
        ? ['storage']
        : [];
    await expectTold(testApp, [], isLogged);
    s3.quirks.answers = [{ answer }];
    await expectTold(testApp, ['storage'], isLogged);
    s3.quirks.answers = [];
    await expectTold(testApp, [], () => []);
  }

  it.each(FAULTS.map(([what], index) => [what, index] as const))(
    'that %s is told by /ready, metrics and log within ten seconds, and so is its end',
    async (_what, index) => {
      expect(await ends[index]).toBeUndefined();
    },
  );

  it('is told by the log when it is well again', async () => {
    await Promise.all(ends);
    const ended = changesIn(server(FAULTS.length - 1).testApp.logs(), 'storage', true);
    expect(ended).toHaveLength(FAULTS.length);
  });

  it('is not waited for by /ready, and nothing about it is told to everybody', async () => {
    const { s3, testApp } = server();
    s3.quirks.answers = [{ answer: 'hang' }];
    const answers = [];
    const until = performance.now() + 9_000;
    while (performance.now() < until) {
      answers.push(await readiness(testApp));
      await delay(20);
    }
    expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(2_000);
    expect(answers.at(-1)?.body.error?.message).toBe('The storage has not answered within 4 seconds.');
    expect(JSON.stringify(answers)).not.toContain(s3.bucket);
  });

  it('is in the metrics by the kind of its errors', async () => {
    const index = FAULTS.findIndex(([what]) => what === 'refuses the keys');
    await ends[index];
    const found = await samples(new Client(server(index).testApp));
    const name = 'stagedoor_store_errors_total{scheme="s3",operation="list",kind="PermissionDenied"}';
    expect(found.get(name)).toBeGreaterThan(0);
  });
});

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
      await writeFile(join(folder, 'others'), Buffer.alloc(4 * 1024 * 1024)); // an upload would be refused
      await expectTold(testApp, ['disk']);
      const free = (await samples(client)).get('stagedoor_disk_free_bytes{disk="storage"}') ?? 0;
      expect(free).toBeLessThan(bavail * bsize - 4 * 1024 * 1024);
      await rm(join(folder, 'others'));
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
