import { join } from 'node:path';
import { ShutdownState } from '../../../src/common/shutdown-state.js';
import { sqliteDriver } from '../../../src/database/sqlite/sqlite-driver.js';
import { DATABASE_KIND, newDatabaseUrl } from '../../support/test-database.js';
import { CHECKS, expectTold, readiness, startScrapedApp, type ReadyBody } from '../stores/told-readiness.js';
import { CutProxy } from '../support/cut-proxy.js';
import { eventually } from '../support/expectations.js';
import { removeFolder, startTestApp, temporaryFolder, type TestApp } from '../support/test-app.js';

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
    await eventually(async () => {
      expect((await readiness(ending)).status).toBe(200);
    });
    ending.app.get(ShutdownState).begin();
    const answer = await fetch(`${ending.url}/ready`);
    await ending.close();
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
    const { error, checks } = (await answer.json()) as ReadyBody;
    expect(error).toEqual({ code: 503, kind: 'NotReady', message: 'The server is about to end.' });
    expect(checks.at(-1)).toEqual({ check: 'shutdown', ok: false, reason: 'The server is about to end.' });
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
