import { createHash, randomBytes } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { Client } from '../support/client.js';
import { connectionTo, describeOnMinio, makeBucket, type TestMinio } from '../support/minio.js';
import { follow, presigned, type PresignedUrl } from '../support/presigned.js';
import { removeFolder, startTestApp, temporaryFolder, type TestApp } from '../support/test-app.js';

const STAGE = 'files';
const NAMES = [
  'plain.csv',
  'two  spaces/a b.csv',
  "it's.csv",
  '"quoted".csv',
  '50%.csv',
  'a%20b%2Fc.csv',
  'a+b.csv',
  'c#d.csv',
  'what?x=y.csv',
  'a&b=c;d,e@f!$(g)[h]*~.csv',
  'back\\slash.csv',
  'été/数据.csv',
  'e\u0301te\u0301.csv',
  '🎭/🎟️.csv',
  `${'long'.repeat(60)}.csv`,
];
const MIB = 1024 ** 2;

interface Case {
  readonly settings: () => Readonly<Record<string, string>>;
  /** What makes the stage external; nothing for an internal one. */
  readonly external?: () => Readonly<Record<string, unknown>>;
  /** How every URL begins that is handed out. */
  readonly origin: (testApp: TestApp) => string;
}

/** Uploads and downloads by URL alone. */
function urlsWorkOn(title: string, { settings, external, origin }: Case): void {
  describe(title, () => {
    let testApp: TestApp;
    let client: Client;

    beforeAll(async () => {
      testApp = await startTestApp(settings());
      client = new Client(testApp);
      expect((await client.createStage({ name: STAGE, ...external?.() })).status).toBe(201);
    });

    afterAll(() => testApp.close());

    async function put(path: string, content: string | Uint8Array<ArrayBuffer>): Promise<PresignedUrl> {
      const url = await presigned(client, STAGE, { method: 'PUT', path });
      expect(url).toMatchObject({ method: 'PUT', headers: {} });
      expect(url.url.startsWith(origin(testApp))).toBe(true);
      const answer = await follow(url, content);
      expect({ status: answer.status, text: await answer.text() }).toMatchObject({ status: 200 });
      return url;
    }

    it.each(NAMES)('a file named %j goes up and comes down', async (path) => {
      await put(path, path);
      const url = await presigned(client, STAGE, { method: 'GET', path });
      expect(url.url.startsWith(origin(testApp))).toBe(true);
      const answer = await follow(url);
      expect([answer.status, await answer.text()]).toEqual([200, path]);
      expect(await client.names(STAGE, `?prefix=${encodeURIComponent(path)}`)).toEqual([path]);
      expect(await client.content(STAGE, encodeURIComponent(path))).toBe(path);
    });

    it('a declared content type is asked for, and kept on every store', async () => {
      const asked = { method: 'PUT', path: 'typed.csv', content_type: 'text/csv' };
      const url = await presigned(client, STAGE, asked);
      expect(url.headers).toEqual({ 'content-type': 'text/csv' });
      expect((await follow({ ...url, headers: { 'content-type': 'text/html' } }, 'a,b')).status).toBe(403);
      expect((await follow(url, 'a,b')).status).toBe(200);
      const shown = await follow(await presigned(client, STAGE, { method: 'GET', path: 'typed.csv' }));
      expect(shown.headers.get('content-type')).toBe('text/csv');
      expect(await shown.text()).toBe('a,b');
    });

    it('a range is served', async () => {
      await put('range.csv', '0123456789');
      const url = await presigned(client, STAGE, { method: 'GET', path: 'range.csv' });
      const answer = await follow({ ...url, headers: { range: 'bytes=2-4' } });
      expect([answer.status, await answer.text()]).toEqual([206, '234']);
      expect(answer.headers.get('content-range')).toBe('bytes 2-4/10');
    });

    it('an empty file goes up and comes down', async () => {
      await put('empty.csv', '');
      const answer = await follow(await presigned(client, STAGE, { method: 'GET', path: 'empty.csv' }));
      expect([answer.status, await answer.text()]).toEqual([200, '']);
    });

    it('100 MB come back as they went', async () => {
      const content = new Uint8Array(randomBytes(MIB).buffer);
      const whole = Buffer.concat(Array<Uint8Array>(100).fill(content));
      whole.writeUInt32BE(1, 50 * MIB);
      await put('large.bin', whole);
      const answer = await follow(await presigned(client, STAGE, { method: 'GET', path: 'large.bin' }));
      const hash = createHash('sha256');
      if (answer.body !== null) await pipeline(answer.body, hash);
      expect(hash.digest('hex')).toBe(createHash('sha256').update(whole).digest('hex'));
    });

    it('a file that is not there is 404 when it is asked for', async () => {
      const answer = await follow(await presigned(client, STAGE, { method: 'GET', path: 'nothing.csv' }));
      expect(answer.status).toBe(404);
      await answer.text();
    });

    it('a bound on the size is kept, whoever signs the others', async () => {
      const asked = { method: 'PUT', path: 'bounded.csv', max_bytes: 10 };
      const url = await presigned(client, STAGE, asked);
      expect((await follow(url, '0123456789A')).status).toBe(413);
      expect(await client.content(STAGE, 'bounded.csv')).toBeUndefined();
      expect((await follow(url, '0123456789')).status).toBe(200);
      expect(await client.content(STAGE, 'bounded.csv')).toBe('0123456789');
    });
  });
}

const byService = ({ url }: TestApp): string => `${url}/v1/presigned/`;

urlsWorkOn('on local disk', { settings: () => ({}), origin: byService });

describe('in a directory of one’s own', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await temporaryFolder();
  });

  afterAll(() => removeFolder(folder));

  it('a URL leads to an external stage as well', async () => {
    const testApp = await startTestApp({ FS_STAGE_ROOTS: folder, PRESIGN_BY: 'store' });
    try {
      const client = new Client(testApp);
      await client.createStage({ name: 'ext', url: `fs://${folder}/` });
      const asked = { method: 'PUT', path: 'a.csv' };
      expect((await follow(await presigned(client, 'ext', asked), 'content')).status).toBe(200);
      expect(await client.content('ext', 'a.csv')).toBe('content');
    } finally {
      await testApp.close();
    }
  });
});

describeOnMinio('presigned URLs of files in a bucket', (minio) => {
  const bucket = `presigned-${randomBytes(4).toString('hex')}`;
  /** The same server by another name: what is signed for one is refused under the other. */
  const publicEndpoint = minio.endpoint.replace('127.0.0.1', 'localhost');
  const external = (prefix: string): Readonly<Record<string, unknown>> => ({
    url: `s3://${bucket}/${prefix}/`,
    connection: { ...connectionTo(minio), presign_endpoint_url: publicEndpoint },
  });

  beforeAll(() => makeBucket(minio, bucket));

  urlsWorkOn('through the service', {
    settings: () => internalOn(minio, `${bucket}/one`),
    origin: byService,
  });

  urlsWorkOn('through the service, of an external stage', {
    settings: () => ({}),
    external: () => external('two'),
    origin: byService,
  });

  urlsWorkOn('signed by the store', {
    settings: () => ({ ...internalOn(minio, `${bucket}/three`), PRESIGN_BY: 'store' }),
    origin: () => `${minio.endpoint}/${bucket}/three/stage/internal/${STAGE}/`,
  });

  urlsWorkOn('signed by the store for a public endpoint, of an external stage', {
    settings: () => ({ PRESIGN_BY: 'store' }),
    external: () => external('a prefix'),
    origin: () => `${publicEndpoint}/${bucket}/a%20prefix/`,
  });

  it('the public endpoint of the internal storage is a setting', async () => {
    const settings = { ...internalOn(minio, `${bucket}/four`), PRESIGN_BY: 'store' };
    const testApp = await startTestApp({
      ...settings,
      INTERNAL_STORAGE_PRESIGN_ENDPOINT_URL: publicEndpoint,
    });
    try {
      const client = new Client(testApp);
      const url = await presigned(client, '~', { method: 'PUT', path: 'a.csv' });
      expect(new URL(url.url).origin).toBe(publicEndpoint);
      expect((await follow(url, 'content')).status).toBe(200);
      expect(await client.content('~', 'a.csv')).toBe('content');
      const elsewhere = { ...url, url: url.url.replace(publicEndpoint, minio.endpoint) };
      expect((await follow(elsewhere, 'other')).status).toBe(403);
    } finally {
      await testApp.close();
    }
  });

  it('URLs that live longer than a store may sign for are those of the service', async () => {
    const settings = {
      ...internalOn(minio, `${bucket}/six`),
      PRESIGN_BY: 'store',
      PRESIGN_STORE_MAX_SECONDS: '60',
    };
    const testApp = await startTestApp(settings);
    try {
      const client = new Client(testApp);
      const origins: string[] = [];
      for (const seconds of [60, 61]) {
        const asked = { method: 'PUT', path: 'a.csv', expires_in_seconds: seconds };
        const url = await presigned(client, '~', asked);
        origins.push(new URL(url.url).origin);
        expect((await follow(url, 'content')).status).toBe(200);
      }
      expect(origins).toEqual([minio.endpoint, testApp.url]);
    } finally {
      await testApp.close();
    }
  });

  it('the public endpoint is shown where there is one', async () => {
    const testApp = await startTestApp();
    try {
      const client = new Client(testApp);
      const shown = (await (await client.createStage({ name: STAGE, ...external('five') })).json()) as {
        storage_params: object;
      };
      expect(shown.storage_params).toMatchObject({ presign_endpoint_url: publicEndpoint });
    } finally {
      await testApp.close();
    }
  });
});

function internalOn(
  { endpoint, accessKeyId, secretAccessKey }: TestMinio,
  place: string,
): Readonly<Record<string, string>> {
  return {
    INTERNAL_STORAGE_URL: `s3://${place}/`,
    INTERNAL_STORAGE_ENDPOINT_URL: endpoint,
    INTERNAL_STORAGE_ACCESS_KEY_ID: accessKeyId,
    INTERNAL_STORAGE_SECRET_ACCESS_KEY: secretAccessKey,
  };
}
