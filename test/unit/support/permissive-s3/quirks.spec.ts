import { setTimeout } from 'node:timers/promises';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { type PermissiveS3, startPermissiveS3 } from '../../../support/permissive-s3/permissive-s3.mjs';
import type { Quirks } from '../../../support/permissive-s3/quirks.mjs';
import { sdkClient, signed } from './s3-requests.js';

let s3: PermissiveS3;
let client: S3Client;

const start = async (quirks: Partial<Quirks> = {}): Promise<void> => {
  s3 = await startPermissiveS3({ quirks });
  client = sdkClient(s3, { requestChecksumCalculation: 'WHEN_REQUIRED' });
};
beforeEach(() => start());
afterEach(() => s3.stop());

const of = (key: string): { Bucket: string; Key: string } => ({ Bucket: s3.bucket, Key: key });
const list = (more: Partial<ListObjectsV2CommandInput> = {}): Promise<ListObjectsV2CommandOutput> =>
  client.send(new ListObjectsV2Command({ Bucket: s3.bucket, ...more }));
const keysOf = (page: ListObjectsV2CommandOutput): string[] =>
  (page.Contents ?? []).map(({ Key }) => Key ?? '');
const put = (key: string): Promise<unknown> =>
  client.send(new PutObjectCommand({ ...of(key), Body: 'content' }));
const removeMany = (...keys: string[]): Promise<{ Errors?: unknown[] | undefined }> =>
  client.send(
    new DeleteObjectsCommand({ Bucket: s3.bucket, Delete: { Objects: keys.map((Key) => ({ Key })) } }),
  );
const failing = (name: string, status: number): unknown =>
  expect.objectContaining({ name, $metadata: expect.objectContaining({ httpStatusCode: status }) as object });
async function xmlOfListing(): Promise<string> {
  const raw = sdkClient(s3);
  let xml = '';
  raw.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as { body: AsyncIterable<Buffer> | Buffer }; // of HTTP
      const chunks: Buffer[] = [];
      for await (const chunk of response.body as AsyncIterable<Buffer>) chunks.push(chunk);
      response.body = Buffer.concat(chunks);
      xml = response.body.toString('latin1');
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'readBody' },
  );
  await raw.send(new ListObjectsV2Command({ Bucket: s3.bucket, EncodingType: 'url' })).catch(() => undefined);
  return xml;
}

describe('a listing of a store that is not quite S3', () => {
  it('may ignore encoding-type, with control characters escaped or raw', async () => {
    s3.store.put('a\x01 b', '');
    expect(await xmlOfListing()).toContain('<Key>a%01+b</Key>');
    s3.quirks.encodingTypeIgnored = true;
    expect(await xmlOfListing()).toContain('<Key>a&#x1; b</Key>');
    s3.quirks.controlCharacters = 'raw';
    expect(await xmlOfListing()).toContain('<Key>a\x01 b</Key>');
  });

  it('may ignore start-after', async () => {
    for (const key of ['a', 'b']) s3.store.put(key, '');
    s3.quirks.startAfterIgnored = true;
    expect(keysOf(await list({ StartAfter: 'a' }))).toEqual(['a', 'b']);
  });

  it('may name no token, or one for ever', async () => {
    for (const key of ['a', 'b', 'c']) s3.store.put(key, '');
    s3.quirks.continuationTokens = 'missing';
    const page = await list({ MaxKeys: 1 });
    expect([page.IsTruncated, page.NextContinuationToken]).toEqual([true, undefined]);
    s3.quirks.continuationTokens = 'repeated';
    const { NextContinuationToken: token } = await list({ MaxKeys: 1 });
    for (let i = 0; i < 3; i++) {
      const next = await list({ MaxKeys: 1, ContinuationToken: token });
      expect([keysOf(next), next.NextContinuationToken]).toEqual([['b'], token]);
    }
  });

  it('may have truncated pages without a key', async () => {
    s3.store.put('a', '');
    s3.quirks.emptyPages = 2;
    const seen: string[][] = [];
    let token: string | undefined;
    do {
      const page = await list({ ContinuationToken: token });
      seen.push(keysOf(page));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    expect(seen).toEqual([[], [], ['a']]);
  });

  it('may have them for ever', async () => {
    s3.quirks.emptyPages = Infinity;
    let token: string | undefined;
    for (let i = 0; i < 5; i++) {
      token = (await list({ ContinuationToken: token })).NextContinuationToken;
      expect(token).toBeDefined();
    }
  });

  it('may hide what lies below an object', async () => {
    for (const key of ['a', 'a/b', 'c/d', 'c/d/e/f']) s3.store.put(key, 'content');
    s3.quirks.hidesBelowObjects = true;
    expect(keysOf(await list())).toEqual(['a', 'c/d']);
    await expect(client.send(new GetObjectCommand(of('a/b')))).resolves.toBeDefined();
    await client.send(new DeleteObjectCommand(of('a')));
    expect(keysOf(await list())).toEqual(['a/b', 'c/d']);
  });

  it('may be forbidden, and what is not there with it', async () => {
    s3.store.put('a', '');
    s3.quirks.withoutListBucket = true;
    await expect(list()).rejects.toEqual(failing('AccessDenied', 403));
    await expect(client.send(new GetObjectCommand(of('b')))).rejects.toEqual(failing('AccessDenied', 403));
    const head = client.send(new HeadObjectCommand(of('b')));
    await expect(head).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    await expect(client.send(new HeadObjectCommand(of('a')))).resolves.toBeDefined();
  });

  it('of uploads may want a whole key', async () => {
    await client.send(new CreateMultipartUploadCommand(of('a/b')));
    s3.quirks.uploadsOfExactKeysOnly = true;
    const uploads = async (Prefix: string): Promise<unknown> =>
      (await client.send(new ListMultipartUploadsCommand({ Bucket: s3.bucket, Prefix }))).Uploads?.length;
    expect([await uploads('a/'), await uploads('a/b')]).toEqual([undefined, 1]);
  });
});

describe('a removal from a store that is not quite S3', () => {
  beforeEach(() => {
    for (const key of ['a', 'locked', 'z']) s3.store.put(key, 'content');
  });

  it('of many may not be known', async () => {
    s3.quirks.multiDelete = 'missing';
    await expect(removeMany('a')).rejects.toEqual(failing('NotImplemented', 501));
    expect(s3.store.size).toBe(3);
    await client.send(new DeleteObjectCommand(of('a')));
  });

  it('of many may want an md5', async () => {
    s3.quirks.multiDelete = 'wants-md5';
    await expect(removeMany('a')).rejects.toMatchObject({ name: 'InvalidRequest' });
    expect(s3.store.size).toBe(3);
  });

  it('may be refused for some objects', async () => {
    s3.quirks.refusesRemoval = (key) => key === 'locked';
    const { Errors } = await removeMany('a', 'locked', 'z');
    expect(Errors).toMatchObject([{ Key: 'locked', Code: 'AccessDenied' }]);
    expect(s3.store.keys().map(String)).toEqual(['locked']);
    const one = client.send(new DeleteObjectCommand(of('locked')));
    await expect(one).rejects.toEqual(failing('AccessDenied', 403));
  });
});

describe('a write to a store that is not quite S3', () => {
  it('may need a digest', async () => {
    s3.quirks.writesWantDigest = true;
    await expect(put('a')).rejects.toMatchObject({ name: 'InvalidRequest' });
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(of('a')));
    const part = { ...of('a'), UploadId, PartNumber: 1, Body: 'x' };
    await expect(client.send(new UploadPartCommand(part))).rejects.toMatchObject({ name: 'InvalidRequest' });
    await client.send(new UploadPartCommand({ ...part, ChecksumAlgorithm: 'CRC32' }));
    await client.send(
      new PutObjectCommand({ ...of('a'), Body: 'content', ContentMD5: 'mgNkuembtIDdJeHwKEyFVQ==' }),
    );
  });

  it('may ignore conditions, or refuse them', async () => {
    s3.store.put('a', 'old');
    const replacing = (): Promise<unknown> =>
      client.send(new PutObjectCommand({ ...of('a'), Body: 'new', IfNoneMatch: '*' }));
    s3.quirks.conditions = 'refused';
    await expect(replacing()).rejects.toEqual(failing('NotImplemented', 501));
    const removing = client.send(new DeleteObjectCommand({ ...of('a'), IfMatch: '"x"' }));
    await expect(removing).rejects.toEqual(failing('NotImplemented', 501));
    expect(s3.store.get('a')?.toString()).toBe('old');
    s3.quirks.conditions = 'ignored';
    await replacing();
    expect(s3.store.get('a')?.toString()).toBe('new');
  });

  it('may fold the case of keys', async () => {
    s3.quirks.foldsCase = true;
    await put('Dir/Ä.csv');
    await client.send(new PutObjectCommand({ ...of('dir/ä.CSV'), Body: 'new' }));
    expect(s3.store.keys().map(String)).toEqual(['Dir/Ä.csv']);
    expect(s3.store.get('DIR/Ä.csv')?.toString()).toBe('new');
    await client.send(new DeleteObjectCommand(of('dir/ä.csv')));
    expect(s3.store.size).toBe(0);
  });
});

describe('an answer of a store that is not quite S3', () => {
  it('may have ETags without quotes', async () => {
    s3.quirks.bareEtags = true;
    const bare = '9a0364b9e99bb480dd25e1f0284c8555';
    expect(await put('a')).toMatchObject({ ETag: bare });
    expect(await client.send(new HeadObjectCommand(of('a')))).toMatchObject({ ETag: bare });
    expect((await list()).Contents).toMatchObject([{ ETag: bare }]);
  });

  it('may refuse a range that no 64 bits hold', async () => {
    s3.store.put('a', 'content');
    s3.quirks.refusesHugeRanges = true;
    const reading = (end: string): Promise<unknown> =>
      signed(s3, 'GET', `/${s3.bucket}/a`, { headers: { range: `bytes=4-${end}` } });
    expect(await reading('9223372036854775807')).toMatchObject({ status: 206 });
    expect(await reading('9223372036854776000')).toMatchObject({ status: 400 });
  });

  it.each(['html', 'nothing'] as const)('may be %s, and nothing is done', async (answer) => {
    s3.store.put('a', 'content');
    s3.quirks.answers = [{ answer }];
    const told = await signed(s3, 'DELETE', `/${s3.bucket}/a`);
    expect(told).toMatchObject({
      status: 200,
      text: expect.stringMatching(answer === 'html' ? /<html>/ : /^$/) as string,
    });
    expect(s3.store.size).toBe(1);
  });

  it('may be an error of any kind, for some requests and for some time', async () => {
    s3.store.put('a', 'content');
    s3.quirks.answers = [{ on: 'GetObject', key: 'a', skip: 1, times: 2, answer: { code: 'SlowDown' } }];
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++) statuses.push((await signed(s3, 'GET', `/${s3.bucket}/a`)).status);
    expect(statuses).toEqual([200, 503, 503, 200, 200]);
    expect((await signed(s3, 'HEAD', `/${s3.bucket}/a`)).status).toBe(200);
  });

  it('may be an error inside of a 200', async () => {
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(of('a')));
    s3.quirks.answers = [{ on: 'CompleteMultipartUpload', answer: { code: 'InternalError', status: 200 } }];
    const completing = client.send(
      new CompleteMultipartUploadCommand({
        ...of('a'),
        UploadId,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag: '"x"' }] },
      }),
    );
    await expect(completing).rejects.toMatchObject({ name: 'InternalError' });
    expect(s3.store.uploads.all()).toHaveLength(1);
  });

  it.each<['drop' | 'lost', number]>([
    ['drop', 0],
    ['lost', 1],
  ])('may not arrive: after %s there are %i uploads', async (answer, uploads) => {
    s3.quirks.answers = [{ on: 'CreateMultipartUpload', answer }];
    const beginning = client.send(new CreateMultipartUploadCommand(of('a')));
    await expect(beginning).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(s3.store.uploads.all()).toHaveLength(uploads);
  });

  it('may never come, or stop in its middle, until the store stops', async () => {
    s3.store.put('a', Buffer.alloc(1000));
    s3.quirks.answers = [
      { on: 'HeadObject', answer: 'hang' },
      { on: 'GetObject', answer: 'stall' },
    ];
    const head = signed(s3, 'HEAD', `/${s3.bucket}/a`).catch((error: unknown) => error);
    const { Body: body } = await client.send(new GetObjectCommand(of('a')));
    const reading = body?.transformToByteArray().catch((error: unknown) => error);
    const isStill = await Promise.race([head, reading, setTimeout(100, 'nothing came')]);
    expect(isStill).toBe('nothing came');
    await s3.stop();
    expect(await head).toMatchObject({ code: 'ECONNRESET' });
    expect(await reading).toMatchObject({ message: 'aborted' });
    await start();
  });

  it('may break off in its middle', async () => {
    s3.store.put('a', Buffer.alloc(1000));
    s3.quirks.answers = [{ answer: 'cut' }];
    const { Body: body } = await client.send(new GetObjectCommand(of('a')));
    await expect(body?.transformToByteArray()).rejects.toThrow('aborted');
  });
});

it('a quirk that is not known is told at once', async () => {
  const starting = startPermissiveS3({ quirks: { foldCase: true } as Partial<Quirks> }); // a slip of the pen
  await expect(starting).rejects.toThrow('no such quirk: foldCase');
  expect(() => Object.assign(s3.quirks, { foldCase: true })).toThrow(TypeError);
});

it('the journal says which requests came, and what became of them', async () => {
  await put('a/b');
  await list({ Prefix: 'a/' });
  await expect(client.send(new GetObjectCommand(of('none')))).rejects.toThrow();
  expect(s3.journal.entries).toMatchObject([
    { operation: 'PutObject', key: 'a/b', bucket: s3.bucket, status: 200 },
    { operation: 'ListObjectsV2', key: '', query: { prefix: 'a/' }, status: 200 },
    { operation: 'GetObject', key: 'none', keyBytes: Buffer.from('none'), status: 404 },
  ]);
  expect([s3.journal.count(), s3.journal.count('ListObjectsV2'), s3.journal.count('HeadObject')]).toEqual([
    3, 1, 0,
  ]);
  s3.journal.clear();
  expect(s3.journal.count()).toBe(0);
});
