import { randomUUID } from 'node:crypto';
import { describeWithMounts, Mounts } from '../../support/mounts.js';
import { Client } from '../support/client.js';
import { expectError, filesBelow, type ExpectedError } from '../support/expectations.js';
import { filePart, form } from '../support/form.js';
import { connectionTo, describeOnMinio, makeBucket } from '../support/minio.js';
import { removeFolder, startTestApp, temporaryFolder, type TestApp } from '../support/test-app.js';

const MEBIBYTE = 1024 * 1024;

describeOnMinio('an external stage whose store fails', (minio) => {
  const bucket = `e2e-${randomUUID()}`;
  const wrongSecret = 'not-the-secret-of-anybody';
  let testApp: TestApp;
  let client: Client;

  beforeAll(async () => {
    await makeBucket(minio, bucket);
    testApp = await startTestApp();
    client = new Client(testApp);
    const good = connectionTo(minio);
    const stages = {
      wrong_secret: { url: `s3://${bucket}/x/`, connection: { ...good, aws_secret_key: wrongSecret } },
      wrong_key: { url: `s3://${bucket}/x/`, connection: { ...good, aws_key_id: 'nobody' } },
      no_bucket: { url: `s3://${bucket}-missing/x/`, connection: good },
      endpoint_down: {
        url: `s3://${bucket}/x/`,
        connection: { ...good, endpoint_url: 'http://127.0.0.1:1' },
      },
      no_scheme: {
        url: `s3://${bucket}/x/`,
        connection: { ...good, endpoint_url: new URL(minio.endpoint).host },
      },
      healthy: { url: `s3://${bucket}/x/`, connection: good },
    };
    for (const [name, stage] of Object.entries(stages)) {
      expect((await client.createStage({ name, ...stage })).status).toBe(201);
    }
  });

  afterAll(() => testApp.close());

  afterEach(async () => {
    expect((await client.upload(form(filePart('f')), { stage_name: 'healthy' })).status).toBe(200);
    expect(await client.names('healthy')).toEqual(['f']);
  });

  describe.each<[string, ExpectedError]>([
    ['wrong_secret', { status: 502, code: 3002, message: /SignatureDoesNotMatch/ }],
    ['wrong_key', { status: 502, code: 3002, message: /InvalidAccessKeyId/ }],
    ['no_bucket', { status: 502, code: 2002, message: /NoSuchBucket/ }],
    ['no_scheme', { status: 502, code: 2002, message: /answers no TLS: write http:\/\// }],
    ['endpoint_down', { status: 503, code: 3901, message: /nothing listens/ }],
  ])('%s', (stage, expected) => {
    it('gives its reason to a listing', async () => {
      const answer = await client.send(`/v1/stages/${stage}/files`);
      if (expected.status === 503) expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
      await expectError(answer, expected);
    });

    it('gives its reason to a download', async () => {
      const answer = await client.send(`/v1/stages/${stage}/files/f`);
      await expectError(answer, expected);
    });

    it.each([1, 20 * MEBIBYTE])('gives its reason to an upload of %d bytes', async (size) => {
      const answer = await client.upload(form(filePart('f', Buffer.alloc(size))), { stage_name: stage });
      await expectError(answer, expected);
    });
  });

  it('leaves no secret in the log', () => {
    expect(testApp.logs()).toContain('SignatureDoesNotMatch');
    expect(testApp.logs()).not.toContain(wrongSecret);
  });
});

describeWithMounts('a full disk', () => {
  const mounts = new Mounts();
  let disk: string;
  let testApp: TestApp;
  let client: Client;

  beforeAll(async () => {
    disk = await temporaryFolder();
    mounts.tmpfs(disk, 'size=8m');
    testApp = await startTestApp({ INTERNAL_STORAGE_URL: `fs://${disk}/`, DISK_MIN_FREE_MIB: '0' });
    client = new Client(testApp);
  });

  afterAll(async () => {
    await testApp.close();
    mounts.close();
    await removeFolder(disk);
  });

  it('is 507, leaves the previous file whole and nothing else, and the next small file fits', async () => {
    expect((await client.upload(form(filePart('f', 'previous')))).status).toBe(200);
    const tooLarge = await client.upload(form(filePart('f', Buffer.alloc(20 * MEBIBYTE))));
    await expectError(tooLarge, { status: 507, code: 4000, message: /No space/ });
    expect(await filesBelow(disk)).toEqual(['stage/user/root/f']);
    expect(await client.content('~', 'f')).toBe('previous');
    expect((await client.upload(form(filePart('g', Buffer.alloc(MEBIBYTE))))).status).toBe(200);
    expect(await client.names('~')).toEqual(['f', 'g']);
  });
});
