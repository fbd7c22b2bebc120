import { randomUUID } from 'node:crypto';
import {
  createServer as createHttpServer,
  request as httpRequest,
  type Server as HttpServer,
} from 'node:http';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { listedAs } from '../../src/storage/contract/listed-key.js';
import { objectKey } from '../../src/storage/contract/object-key.js';
import type { StorageErrorKind } from '../../src/storage/contract/storage-error.js';
import type { Orphan } from '../../src/storage/contract/orphan.js';
import type { PutCondition, StorageProvider } from '../../src/storage/contract/storage-provider.js';
import { parseStorageUrl } from '../../src/storage/contract/storage-url.js';
import { S3StorageFactory } from '../../src/storage/providers/s3/s3-storage.factory.js';
import { contentOf, failingBody } from './bodies.js';
import { WITH_COPY, WITH_PRESIGNING, WITHOUT_MOVE, WITHOUT_SMALL_LIMIT } from './cases/left-out.js';
import { type OpenedConformanceContext, runConformance } from './run-conformance.js';
import { RecordedCleanup } from './recorded-cleanup.js';

const MIB = 1024 * 1024;
const KEY = objectKey('dir/large.bin');
const ABSENT = { condition: { kind: 'absent' } } as const;
const endpoint = process.env['S3_TEST_ENDPOINT'];

interface Bucket {
  readonly name: string;
  /** Ids of the uploads of a key that were begun and neither completed nor removed. */
  openUploads(key: string): Promise<readonly string[]>;
  /** MinIO cleans some keys, and refuses others. */
  plant(key: Buffer, content: string): Promise<boolean>;
  /** Its id. Nobody completes it. */
  beginUpload(key: string): Promise<string>;
  dispose(): Promise<void>;
}

if (endpoint !== undefined && endpoint !== '') {
  runConformance('s3', () => openInBucket(endpoint), [
    ...WITH_PRESIGNING,
    ...WITHOUT_SMALL_LIMIT,
    ...WITH_COPY,
    ...WITHOUT_MOVE,
  ]);
  describeS3Only(endpoint);
} else if (process.env['CI'] !== undefined) {
  it('has an S3 server to test against: S3_TEST_ENDPOINT is set', () => {
    expect(endpoint).toBeTruthy();
  });
} else {
  describe.skip('s3 is not tested: S3_TEST_ENDPOINT names no S3 server', () => {
    it('keeps the storage contract', () => undefined);
  });
}

function credentials(): { readonly accessKeyId: string; readonly secretAccessKey: string } {
  return {
    accessKeyId: process.env['S3_TEST_ACCESS_KEY_ID'] ?? 'minioadmin',
    secretAccessKey: process.env['S3_TEST_SECRET_ACCESS_KEY'] ?? 'minioadmin',
  };
}

function openProvider(bucket: string, options: Readonly<Record<string, string>>): StorageProvider {
  const { accessKeyId, secretAccessKey } = credentials();
  const all = { access_key_id: accessKeyId, secret_access_key: secretAccessKey, ...options };
  const factory = new S3StorageFactory({ timeoutMs: 30_000 });
  const url = parseStorageUrl(`s3://${bucket}/`);
  return factory.open(factory.parseConnection(url, new Map(Object.entries(all)), 'user'));
}

async function openInBucket(url: string): Promise<OpenedConformanceContext> {
  const bucket = await makeBucket(url);
  const provider = openProvider(bucket.name, { endpoint_url: url });
  return {
    provider,
    openAnother: () => openProvider(bucket.name, { endpoint_url: url }),
    orphans: (key) => bucket.openUploads(key),
    plant: (key, content) => bucket.plant(key, content),
    async dispose() {
      for await (const batch of provider.list()) await provider.remove(batch.map(({ key }) => key));
      await provider.close();
      await bucket.dispose();
    },
  };
}

async function makeBucket(url: string): Promise<Bucket> {
  const client = new S3Client({
    endpoint: url,
    region: 'us-east-1',
    credentials: credentials(),
    forcePathStyle: true,
  });
  const name = `stagedoor-${randomUUID()}`;
  await client.send(new CreateBucketCommand({ Bucket: name }));
  return {
    name,
    // MinIO lists the uploads of an exact key alone.
    async openUploads(key) {
      const answer = await client.send(new ListMultipartUploadsCommand({ Bucket: name, Prefix: key }));
      return (answer.Uploads ?? []).map(({ UploadId: id }) => id ?? '');
    },
    async plant(key, content) {
      const text = key.toString();
      if (!Buffer.from(text).equals(key) || /^\/|\/\/|(^|\/)\.\.?(\/|$)/.test(text)) return false;
      const putting = client.send(new PutObjectCommand({ Bucket: name, Key: text, Body: content }));
      return putting.then(
        () => true,
        () => false,
      );
    },
    async beginUpload(key) {
      const { UploadId: id } = await client.send(
        new CreateMultipartUploadCommand({ Bucket: name, Key: key }),
      );
      return id ?? '';
    },
    async dispose() {
      await client.send(new DeleteBucketCommand({ Bucket: name }));
      client.destroy();
    },
  };
}

function describeS3Only(url: string): void {
  describe('s3', () => {
    let bucket: Bucket;
    let provider: StorageProvider;

    beforeAll(async () => {
      bucket = await makeBucket(url);
      provider = openProvider(bucket.name, { endpoint_url: url });
    });
    afterAll(async () => {
      for await (const batch of provider.list()) await provider.remove(batch.map(({ key }) => key));
      await bucket.dispose();
    });

    it('removes the parts of a 40 MiB upload that is aborted in its middle', async () => {
      const leaving = new AbortController();
      let seenOpen: readonly string[] = [];
      const body = Readable.from(
        (async function* () {
          for (let i = 0; i < 40; i++) {
            yield Buffer.alloc(MIB, i);
            if (i === 30) seenOpen = await bucket.openUploads(KEY);
            if (i === 35) leaving.abort();
          }
        })(),
      );
      const putting = provider.put(KEY, body, { signal: leaving.signal });
      await expect(putting).rejects.toMatchObject({ kind: 'Aborted' });
      expect(seenOpen).toHaveLength(1);
      expect(await bucket.openUploads(KEY)).toEqual([]);
      expect(body.destroyed).toBe(true);
    });

    it('lists keys with characters that need encoding as they are', async () => {
      const keys = ['a+b.csv', 'a b.csv', 'a%20b.csv', 'a&<b>.csv', '日本/🎭.csv'].map(objectKey);
      for (const key of keys) await provider.put(key, Readable.from([Buffer.from('x')]));
      const listed: string[] = [];
      for await (const batch of provider.list()) listed.push(...batch.map(({ key }) => key));
      expect([...listed].sort()).toEqual([...keys].sort());
      await expect(provider.remove(keys.map(listedAs))).resolves.toEqual({
        removed: keys.length,
        failures: [],
      });
    });

    it.each<[string, Record<string, string>, StorageErrorKind, RegExp]>([
      [
        'an unknown access key',
        { access_key_id: 'AKIDnobody' },
        'PermissionDenied',
        /InvalidAccessKeyId: The Access/,
      ],
      ['a wrong secret', { secret_access_key: 'wrongwrong' }, 'PermissionDenied', /SignatureDoesNotMatch: /],
    ])('tells %s', async (_name, options, kind, message) => {
      const wrong = openProvider(bucket.name, { endpoint_url: url, ...options });
      const text = expect.stringMatching(message) as string;
      await expect(firstBatch(wrong)).rejects.toMatchObject({ kind, message: text });
      const putting = wrong.put(KEY, Readable.from([Buffer.alloc(20 * MIB)]));
      await expect(putting).rejects.toMatchObject({ kind, message: text });
    });

    it.each([
      ['a short body', 1024],
      ['a long body', 12 * MIB],
    ])('knows the object of %s as its own where the answer to it was lost', async (_name, size) => {
      const proxy = await listening(losingAnswers(url));
      const behind = openProvider(bucket.name, { endpoint_url: urlOf(proxy) });
      const key = objectKey('lost.bin');
      await provider.remove([listedAs(key)]);
      const first = await behind.put(key, Readable.from([Buffer.alloc(size, 1)]), ABSENT);
      expect(proxy.lost()).toBe(1);
      expect((await provider.stat(listedAs(key))).etag).toBe(first.etag);
      const second = behind.put(key, Readable.from([Buffer.alloc(size, 1)]), ABSENT);
      await expect(second).rejects.toMatchObject({ kind: 'PreconditionFailed' });
      proxy.close();
    });

    describe('a orphan', () => {
      const key = objectKey('left/over.bin');
      const since = (): string => new Date().toISOString();

      afterEach(async () => {
        for (const id of await bucket.openUploads(key)) await provider.removeOrphan({ key, uploadId: id });
      });

      it('whose id was not noted is found by its key, and those of others stay', async () => {
        const begun = since();
        const [lost, other] = [await bucket.beginUpload(key), await bucket.beginUpload(key)];
        const neighbour = await bucket.beginUpload(`${key}.too`);
        await provider.removeOrphan(
          { key, since: begun },
          { others: () => Promise.resolve([{ key, since: begun, uploadId: other }]) },
        );
        expect(await bucket.openUploads(key)).toEqual([other]);
        expect(lost).not.toBe(other);
        expect(await bucket.openUploads(`${key}.too`)).toEqual([neighbour]);
        await provider.removeOrphan({ key: `${key}.too`, uploadId: neighbour });
      });

      it('is not what begins while it is looked for', async () => {
        const begun = since();
        const lost = await bucket.beginUpload(key);
        const late: string[] = [];
        const others = async (): Promise<readonly Orphan[]> => {
          late.push(await bucket.beginUpload(key)); // too late to be among the others
          return [];
        };
        await provider.removeOrphan({ key, since: begun }, { others });
        expect(late).toHaveLength(1);
        expect(await bucket.openUploads(key)).toEqual(late);
        expect(late).not.toContain(lost);
      });

      it('whose id was noted is removed by it alone, whatever else there is', async () => {
        const begun = since();
        const [mine, another] = [await bucket.beginUpload(key), await bucket.beginUpload(key)];
        await provider.removeOrphan(
          { key, since: begun, uploadId: mine },
          { others: () => Promise.resolve([{ key, since: begun }]) },
        );
        expect(await bucket.openUploads(key)).toEqual([another]);
        await provider.removeOrphan({ key, since: begun, uploadId: mine });
        expect(await bucket.openUploads(key)).toEqual([another]);
      });

      it('whose id was not noted is Unavailable while another upload of the key has none either', async () => {
        const begun = since();
        const id = await bucket.beginUpload(key);
        const removing = provider.removeOrphan(
          { key, since: begun },
          { others: () => Promise.resolve([{ key, since: begun }]) },
        );
        await expect(removing).rejects.toMatchObject({ kind: 'Unavailable' });
        expect(await bucket.openUploads(key)).toEqual([id]);
      });

      it('is none of what was begun long before or after', async () => {
        const id = await bucket.beginUpload(key);
        for (const minutes of [-60, 60]) {
          const noted = new Date(Date.now() + minutes * 60_000).toISOString();
          await provider.removeOrphan({ key, since: noted });
        }
        expect(await bucket.openUploads(key)).toEqual([id]);
      });

      it('that the store does not let go is kept, and removed later', async () => {
        const proxy = await listening(refusing(url, 'DELETE'));
        const behind = openProvider(bucket.name, { endpoint_url: urlOf(proxy) });
        const notes = new RecordedCleanup();
        const body = failingBody(contentOf(12 * MIB), new Error('the source failed'));
        await expect(behind.put(key, body, { cleanupLog: notes })).rejects.toMatchObject({
          kind: 'Unexpected',
        });
        expect(notes.retained).toBe(1);
        expect(await bucket.openUploads(key)).toHaveLength(1);
        await provider.removeOrphan(notes.last ?? { key });
        expect(await bucket.openUploads(key)).toEqual([]);
        proxy.close();
        proxy.closeAllConnections();
      });
    });

    it('tells a bucket that is not there', async () => {
      const nowhere = openProvider('no-such-bucket-anywhere', { endpoint_url: url });
      const error = { kind: 'InvalidConfig', message: expect.stringContaining('NoSuchBucket: ') as string };
      await expect(firstBatch(nowhere)).rejects.toMatchObject(error);
      await expect(nowhere.put(KEY, Readable.from(['x']))).rejects.toMatchObject(error);
    });
  });

  describe('s3, where nothing good answers', () => {
    it('gives a refused connection up within 2 seconds', async () => {
      const server = await listening(createServer());
      const address = urlOf(server);
      server.close();
      await once(server, 'close');
      const began = Date.now();
      const provider = openProvider('some-bucket', { endpoint_url: address });
      await expect(firstBatch(provider)).rejects.toMatchObject({ kind: 'Unavailable' });
      await expect(provider.put(KEY, Readable.from(['x']))).rejects.toMatchObject({ kind: 'Unavailable' });
      expect(Date.now() - began).toBeLessThan(2000);
    });

    it('takes the answer of another service for a wrong endpoint', async () => {
      const server = await listening(
        createServer((socket) => {
          socket.on('error', () => undefined);
          const page = '<html><body>Hello<br></body></html>';
          socket.end(
            `HTTP/1.1 200 OK\r\ncontent-length: ${String(page.length)}\r\nconnection: close\r\n\r\n${page}`,
          );
        }),
      );
      const provider = openProvider('some-bucket', { endpoint_url: urlOf(server) });
      await expect(firstBatch(provider)).rejects.toMatchObject({ kind: 'InvalidConfig' });
      server.close();
    });

    it.each<[string, number, string, PutCondition, StorageErrorKind | 'none']>([
      ['has no such condition to complain of', 200, '', { kind: 'absent' }, 'none'],
      ['finds an object', 412, 'PreconditionFailed', { kind: 'absent' }, 'PreconditionFailed'],
      ['finds another put', 409, 'ConditionalRequestConflict', { kind: 'absent' }, 'PreconditionFailed'],
      [
        'finds another object',
        412,
        'PreconditionFailed',
        { kind: 'etag', etag: '"a"' },
        'PreconditionFailed',
      ],
      ['finds none', 404, 'NoSuchKey', { kind: 'etag', etag: '"a"' }, 'PreconditionFailed'],
      ['finds no bucket', 404, 'NoSuchBucket', { kind: 'etag', etag: '"a"' }, 'InvalidConfig'],
      ['knows no conditions', 501, 'NotImplemented', { kind: 'absent' }, 'Unsupported'],
    ])('lets the store decide on a condition that it may not look at: it %s', async (...facts) => {
      const [, status, code, condition, kind] = facts;
      const asked: string[] = [];
      const server = createHttpServer((request, response) => {
        asked.push(
          `${String(request.method)} ${String(request.headers['if-none-match'] ?? request.headers['if-match'])}`,
        );
        request.resume();
        response.writeHead(request.method === 'HEAD' ? 403 : status, { etag: '"made"' });
        response.end(request.method === 'HEAD' || code === '' ? '' : `<Error><Code>${code}</Code></Error>`);
      });
      const address = urlOf(await listening(server));
      const putting = openProvider('some-bucket', { endpoint_url: address }).put(KEY, Readable.from(['x']), {
        condition,
      });
      const outcome = await putting.then(
        () => 'none',
        (error: unknown) => (error as { kind: string }).kind,
      );
      expect(outcome).toBe(kind);
      expect(asked).toEqual(['HEAD undefined', `PUT ${condition.kind === 'absent' ? '*' : condition.etag}`]);
      server.close();
      server.closeAllConnections();
    });

    it('sends no byte of a part after the store has answered', async () => {
      const received: number[] = [];
      let closed = 0;
      const server = await listening(
        createServer((socket) => {
          const connection = received.push(0) - 1;
          socket.on('error', () => undefined);
          socket.once('data', (bytes: Buffer) => {
            // The first put asks what the store is.
            const isQuestion = bytes.toString('latin1').startsWith('HEAD ');
            const close = isQuestion ? 'connection: close\r\n' : '';
            socket.write(`HTTP/1.1 403 Forbidden\r\n${close}content-length: 0\r\n\r\n`);
            if (isQuestion) socket.end();
          });
          socket.on(
            'data',
            (bytes) => (received[connection] = (received[connection] ?? 0) + bytes.byteLength),
          );
          socket.pause();
          setTimeout(() => socket.resume(), 10);
          socket.on('close', () => closed++);
        }),
      );
      const provider = openProvider('some-bucket', { endpoint_url: urlOf(server) });
      const putting = provider.put(KEY, Readable.from([Buffer.alloc(7 * MIB)]));
      await expect(putting).rejects.toMatchObject({ kind: 'PermissionDenied' });
      await new Promise((resolve) => setTimeout(resolve, 200));
      // After the question once by the short way, and once by the SDK, which says what the answer means.
      expect(closed).toBe(3);
      expect(Math.max(...received)).toBeLessThan(7 * MIB);
      server.close();
    });
  });
}

/** In front of a store: requests of one method are refused, as by a policy. */
function refusing(url: string, method: string): HttpServer {
  return createHttpServer((request, response) => {
    if (request.method === method) {
      request.resume();
      response.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>');
      return;
    }
    const { method: asked, url: path, headers } = request;
    const forwarded = httpRequest(new URL(path ?? '/', url), { method: asked, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forwarded.on('error', () => response.destroy());
    request.pipe(forwarded);
  });
}

/** In front of a store: the first answer that makes an object on a condition does not arrive. */
function losingAnswers(url: string): Server & { lost: () => number } {
  const { hostname, port } = new URL(url);
  let lost = 0;
  const server = createServer((client: Socket) => {
    const store = connect(Number(port), hostname);
    let isConditional = false;
    client.on('error', () => undefined).on('close', () => store.end());
    store.on('error', () => undefined).on('close', () => client.destroy());
    client.on('data', (bytes: Buffer) => {
      isConditional ||= bytes.toString('latin1').toLowerCase().includes('if-none-match: *');
      store.write(bytes);
    });
    store.on('data', (bytes: Buffer) => {
      if (!isConditional || lost > 0) {
        client.write(bytes);
        return;
      }
      lost++;
      client.destroy();
    });
  });
  return Object.assign(server, { lost: () => lost });
}

async function firstBatch(provider: StorageProvider): Promise<unknown> {
  for await (const batch of provider.list()) return batch;
  return undefined;
}

async function listening<S extends Server>(server: S): Promise<S> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function urlOf(server: Server): string {
  const address = server.address();
  return typeof address === 'object' && address !== null ? `http://127.0.0.1:${String(address.port)}` : '';
}
