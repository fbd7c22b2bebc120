import { randomUUID } from 'node:crypto';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Client } from '../support/client.js';
import { expectError } from '../support/expectations.js';
import { connectionTo, describeOnMinio, makeBucket } from '../support/minio.js';
import { removeFolder, startTestApp, temporaryFolder, type TestApp } from '../support/test-app.js';

describeOnMinio('what MinIO hides, by a server that has just started', (minio) => {
  const bucket = `hidden-${randomUUID()}`;
  const { endpoint, ...credentials } = minio;
  const store = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true });
  let folder: string;
  let testApp: TestApp;
  let client: Client;

  async function start(): Promise<void> {
    testApp = await startTestApp({ DATA_DIR: folder, PRESIGN_BY: 'store' });
    client = new Client(testApp);
  }

  beforeAll(() => makeBucket(minio, bucket));
  afterAll(() => {
    store.destroy();
  });
  // Each case is the first to speak to the store.
  beforeEach(async () => {
    folder = await temporaryFolder();
    await start();
    const stage = { name: 'mo', url: `s3://${bucket}/`, connection: connectionTo(minio) };
    expect((await client.createStage(stage)).status).toBe(201);
  });
  afterEach(async () => {
    await testApp.close();
    await removeFolder(folder);
  });

  const plant = (Key: string, Body: string): Promise<unknown> =>
    store.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  const contentOf = async (Key: string): Promise<string | undefined> =>
    (await store.send(new GetObjectCommand({ Bucket: bucket, Key }))).Body?.transformToString();
  const put = (name: string): Promise<Response> =>
    client.send(`/v1/stages/mo/files/${name}`, { method: 'PUT', body: 'new' });

  it('is refused, and what is hidden below the name stays as it was', async () => {
    await plant('year/2026.csv', 'good');
    await plant('year', 'hides it');
    await expectError(await put('year/2026.csv'), { status: 409, code: 2504, message: /in the way/ });
    await store.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'year' }));
    expect(await contentOf('year/2026.csv')).toBe('good');
  });

  it('is refused where it would hide what an earlier server has acknowledged', async () => {
    expect((await put('own/1.csv')).status).toBe(201);
    await testApp.close();
    await start();
    await expectError(await put('own'), { status: 409, code: 2504, message: /would hide/ });
    expect(await client.names('mo', '?prefix=own')).toEqual(['own/1.csv']);
  });

  it('is refused where it would hide what others have written below the name', async () => {
    await plant('foreign/2026.csv', 'theirs');
    await expectError(await put('foreign'), { status: 409, code: 2504, message: /would hide/ });
    expect(await client.names('mo', '?prefix=foreign')).toEqual(['foreign/2026.csv']);
  });

  it('is refused where it would hide what came in by another spelling of the endpoint', async () => {
    const spelled = {
      ...connectionTo(minio),
      endpoint_url: `${endpoint.replace('127.0.0.1', 'LocalHost')}/`,
    };
    const stage = { name: 'other', url: `s3://${bucket}/`, connection: spelled };
    expect((await client.createStage(stage)).status).toBe(201);
    expect(spelled.endpoint_url).toContain('LocalHost');
    const send = (stageName: string, name: string): Promise<Response> =>
      client.send(`/v1/stages/${stageName}/files/${name}`, { method: 'PUT', body: 'new' });
    expect((await send('mo', 'twice/1.csv')).status).toBe(201);
    await expectError(await send('other', 'twice'), { status: 409, code: 2504, message: /would hide/ });
    expect((await send('other', 'once')).status).toBe(201);
    await expectError(await send('mo', 'once/1.csv'), { status: 409, code: 2504, message: /in the way/ });
  });

  it('gets no URL that the store has signed', async () => {
    await plant('signed/2026.csv', 'theirs');
    const presign = (path: string): Promise<Response> =>
      client.postJson('/v1/stages/mo/presign', { method: 'PUT', path });
    await expectError(await presign('signed'), { status: 409, code: 2504, message: /would hide/ });
    await expectError(await presign('signed/2026.csv/a'), { status: 409, code: 2504, message: /in the way/ });
    expect((await presign('signed/2027.csv')).status).toBe(200);
  });

  it("is not reached by the store's own spelling of a slash at the end", async () => {
    await plant('x/', 'content');
    await expectError(await put('x__XLDIR__'), { status: 400, code: 1006, message: /__XLDIR__/ });
    for (const method of ['GET', 'DELETE']) {
      expect((await client.send('/v1/stages/mo/files/x__XLDIR__', { method })).status).toBe(404);
    }
    expect(await contentOf('x/')).toBe('content');
  });

  it('is removed however deep it lies', async () => {
    const names = Array.from({ length: 110 }, (_, depth) =>
      Array(depth + 1)
        .fill('d')
        .join('/'),
    );
    for (const name of names) await plant(name, 'content');
    const answer = await client.send('/v1/stages/mo/files?prefix=d', { method: 'DELETE' });
    expect(await answer.json()).toEqual({ removed: 110 });
    expect(await client.names('mo', '?prefix=d')).toEqual([]);
  });
});
