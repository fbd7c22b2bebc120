import { basic, Client } from '../support/client.js';
import { CutProxy } from '../support/cut-proxy.js';
import { eventually } from '../support/expectations.js';
import { metric } from '../support/metrics.js';
import { describeOnMinio } from '../support/minio.js';
import { bucketStore, type Store } from '../support/stores.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const MEBIBYTE = 1024 ** 2;
const NOW = 'stagedoor_upload_leftovers';
const REMOVED = 'stagedoor_upload_leftovers_removed_total{scheme="s3"}';
const FAILURES = 'stagedoor_upload_leftover_failures_total{scheme="s3"}';

describeOnMinio('what a failed upload leaves in a store that cannot be reached', (minio) => {
  let proxy: CutProxy;
  let testApp: TestApp;
  let client: Client;
  let store: Store;

  beforeAll(async () => {
    proxy = new CutProxy(minio.endpoint);
    await proxy.open();
    testApp = await startTestApp({ LEFTOVER_SWEEP_SECONDS: '1' });
    client = new Client(testApp);
    store = await bucketStore(minio, client, proxy.endpoint);
  });

  afterAll(async () => {
    proxy.cut();
    await testApp.close();
  });

  /** An upload that the store knows of, and that cannot come to its end. */
  async function uploadUntilCut(name: string): Promise<void> {
    const connection = await client.start(`PUT /v1/stages/${store.stage}/files/${name}`, {
      'content-length': String(30 * MEBIBYTE),
    });
    await connection.write(Buffer.alloc(9 * MEBIBYTE));
    await eventually(async () => {
      expect(await store.orphans(name)).toHaveLength(1);
    });
    proxy.cut();
    connection.leave();
  }

  it('is tried again and again, counted, and removed when the store is back', async () => {
    await uploadUntilCut('f');
    await eventually(async () => {
      expect(await metric(client, FAILURES)).toBeGreaterThan(1);
      expect(await metric(client, NOW)).toBe(1);
    });
    expect(await metric(client, REMOVED)).toBe(0);
    expect(await store.orphans('f')).toHaveLength(1);
    await proxy.open();
    await eventually(async () => {
      expect(await store.orphans('f')).toEqual([]);
      expect(await metric(client, REMOVED)).toBe(1);
      expect(await metric(client, NOW)).toBe(0);
    });
    expect(await client.names(store.stage)).toEqual([]);
  });

  it('does not take an upload away that goes on meanwhile under its name', async () => {
    const removedBefore = await metric(client, REMOVED);
    await uploadUntilCut('f');
    const [left] = await store.orphans('f');
    await eventually(async () => {
      expect(await metric(client, NOW)).toBe(1);
    });
    await proxy.open();
    const line = `PUT /v1/stages/${store.stage}/files/f`;
    const second = await client.start(line, { 'content-length': String(10 * MEBIBYTE) });
    await second.write(Buffer.alloc(9 * MEBIBYTE));
    await eventually(async () => {
      expect(await metric(client, REMOVED)).toBe(removedBefore + 1);
      const others = await store.orphans('f');
      expect(others).toHaveLength(1);
      expect(others).not.toContain(left);
    });
    await second.write(Buffer.alloc(MEBIBYTE));
    expect((await second.expectAnswer()).status).toBe(201);
    second.leave();
    expect(await store.orphans('f')).toEqual([]);
  });
});

describe('/metrics', () => {
  let testApp: TestApp;

  beforeAll(async () => {
    testApp = await startTestApp();
  });

  afterAll(() => testApp.close());

  it('is for those alone who have a password', async () => {
    expect((await fetch(`${testApp.url}/metrics`, { headers: { via: '1.1 proxy' } })).status).toBe(401);
    expect((await new Client(testApp, basic('root', 'wrong')).send('/metrics')).status).toBe(401);
  });

  it('counts what runs, and what is held of it', async () => {
    const client = new Client(testApp);
    const headers = { expect: '100-continue', 'content-length': '100' };
    const connection = await client.start('PUT /v1/stages/~/files/f', headers);
    expect((await connection.expectAnswer()).status).toBe(100);
    await connection.write('x'.repeat(60));
    await eventually(async () => {
      expect(await metric(client, 'stagedoor_upload_buffered_bytes')).toBe(60);
    });
    expect(await metric(client, 'stagedoor_uploads_running')).toBe(1);
    await connection.write('x'.repeat(40));
    expect((await connection.expectAnswer()).status).toBe(201);
    connection.leave();
    await eventually(async () => {
      expect(await metric(client, 'stagedoor_upload_buffered_bytes')).toBe(0);
      expect(await metric(client, 'stagedoor_uploads_running')).toBe(0);
    });
  });
});
