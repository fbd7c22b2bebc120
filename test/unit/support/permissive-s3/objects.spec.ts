import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { type PermissiveS3, startPermissiveS3 } from '../../../support/permissive-s3/permissive-s3.mjs';
import { sdkClient, signed } from './s3-requests.js';

const MD5 = '"9a0364b9e99bb480dd25e1f0284c8555"'; // of `content`
let s3: PermissiveS3;
let client: S3Client;
let of: (key: string) => { Bucket: string; Key: string };

beforeAll(async () => {
  s3 = await startPermissiveS3();
  client = sdkClient(s3);
  of = (key) => ({ Bucket: s3.bucket, Key: key });
});
beforeEach(() => {
  s3.store.clear();
  s3.journal.clear();
});
afterAll(() => s3.stop());

const put = (
  key: string,
  more: Partial<PutObjectCommandInput> = {},
): Promise<{ ETag?: string | undefined }> =>
  client.send(new PutObjectCommand({ ...of(key), Body: 'content', ...more }));
const failing = (name: string, status: number): unknown =>
  expect.objectContaining({ name, $metadata: expect.objectContaining({ httpStatusCode: status }) as object });

describe('an object of the permissive S3', () => {
  it('has the md5 of its content as its ETag, and keeps what was said of it', async () => {
    const facts = { ContentType: 'text/csv', ContentDisposition: 'inline', Metadata: { by: 'me' } };
    expect(await put('a', facts)).toMatchObject({ ETag: MD5 });
    const head = await client.send(new HeadObjectCommand(of('a')));
    expect(head).toMatchObject({ ...facts, ETag: MD5, ContentLength: 7 });
  });

  it('can come in chunks with a checksum behind them', async () => {
    const body = Readable.from([Buffer.alloc(70_000, 1), Buffer.alloc(30_000, 2)]);
    await put('a', { Body: body, ContentLength: 100_000 });
    expect(s3.journal.entries[0]?.headers['x-amz-trailer']).toBe('x-amz-checksum-crc32');
    expect(s3.store.get('a')).toEqual(Buffer.concat([Buffer.alloc(70_000, 1), Buffer.alloc(30_000, 2)]));
  });

  it.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
    'is checked by %s on its way in and out',
    async (algorithm) => {
      if (algorithm === 'CRC64NVME') {
        await put('a', { ChecksumCRC64NVME: 'rosUhgp5mIg=', Body: '123456789' });
      } else {
        await put('a', { ChecksumAlgorithm: algorithm });
      }
      const answer = await client.send(new GetObjectCommand({ ...of('a'), ChecksumMode: 'ENABLED' }));
      expect(answer[`Checksum${algorithm}`]).toEqual(expect.any(String));
    },
  );

  it.each<[string, Partial<PutObjectCommandInput>]>([
    ['md5', { ContentMD5: Buffer.alloc(16).toString('base64') }],
    ['crc32', { ChecksumCRC32: 'AAAAAA==' }],
    ['sha256', { ChecksumSHA256: Buffer.alloc(32).toString('base64') }],
  ])('is not stored where its %s is another', async (_name, checksum) => {
    await expect(put('a', checksum)).rejects.toEqual(failing('BadDigest', 400));
    expect(s3.store.size).toBe(0);
  });

  it('is not stored where its client leaves in the middle', async () => {
    const leaving = new AbortController();
    const body = Readable.from(
      (async function* () {
        yield Buffer.alloc(1000);
        leaving.abort();
        await Promise.resolve();
        yield Buffer.alloc(1000);
      })(),
    );
    const putting = client.send(new PutObjectCommand({ ...of('a'), Body: body, ContentLength: 2000 }), {
      abortSignal: leaving.signal,
    });
    await expect(putting).rejects.toThrow();
    expect(s3.store.size).toBe(0);
  });

  it.each<[string, number, string | undefined, string]>([
    ['bytes=1-3', 206, 'bytes 1-3/7', 'ont'],
    ['bytes=4-', 206, 'bytes 4-6/7', 'ent'],
    ['bytes=-2', 206, 'bytes 5-6/7', 'nt'],
    ['bytes=-99', 206, 'bytes 0-6/7', 'content'],
    ['bytes=4-9223372036854775807', 206, 'bytes 4-6/7', 'ent'],
    ['bytes=7-', 416, 'bytes */7', 'InvalidRange'],
    ['bytes=-0', 416, 'bytes */7', 'InvalidRange'],
    ['bytes=3-1', 200, undefined, 'content'],
    ['bytes=0-1,3-4', 200, undefined, 'content'],
    ['lines=1-2', 200, undefined, 'content'],
  ])('answers %s with %i', async (range, status, contentRange, text) => {
    s3.store.put('a', 'content');
    const answer = await signed(s3, 'GET', `/${s3.bucket}/a`, { headers: { range } });
    expect(answer).toMatchObject({ status, text: expect.stringContaining(text) as string });
    expect(answer.headers['content-range']).toBe(contentRange);
  });

  it.each<[string, Record<string, string>, number]>([
    ['If-Match that holds', { 'if-match': MD5 }, 200],
    ['If-Match that fails', { 'if-match': '"other"' }, 412],
    ['If-Match before If-Unmodified-Since', { 'if-match': MD5, 'if-unmodified-since': past() }, 200],
    ['If-Unmodified-Since that fails', { 'if-unmodified-since': past() }, 412],
    ['If-None-Match that holds', { 'if-none-match': '"other"' }, 200],
    ['If-None-Match that fails', { 'if-none-match': `"x", ${MD5}` }, 304],
    [
      'If-None-Match before If-Modified-Since',
      { 'if-none-match': '"x"', 'if-modified-since': future() },
      200,
    ],
    ['If-Modified-Since that holds', { 'if-modified-since': past() }, 200],
    ['If-Modified-Since that fails', { 'if-modified-since': future() }, 304],
    ['a date that is none', { 'if-modified-since': 'yesterday' }, 200],
  ])('is read under %s', async (_name, headers, status) => {
    s3.store.put('a', 'content');
    for (const method of ['GET', 'HEAD']) {
      expect(await signed(s3, method, `/${s3.bucket}/a`, { headers })).toMatchObject({ status });
    }
  });

  it('is made and replaced under conditions', async () => {
    await expect(put('a', { IfMatch: MD5 })).rejects.toEqual(failing('NoSuchKey', 404));
    await put('a', { IfNoneMatch: '*' });
    await expect(put('a', { IfNoneMatch: '*' })).rejects.toEqual(failing('PreconditionFailed', 412));
    await expect(put('a', { IfMatch: '"other"' })).rejects.toEqual(failing('PreconditionFailed', 412));
    await expect(put('a', { IfNoneMatch: '"other"' })).rejects.toEqual(failing('NotImplemented', 501));
    await put('a', { IfMatch: MD5, Body: 'new' });
    expect(s3.store.get('a')?.toString()).toBe('new');
  });

  it('is copied, with what was said of it', async () => {
    await put('a b/é', { ContentType: 'text/csv' });
    const source = `${s3.bucket}/a%20b/%C3%A9`;
    await client.send(new CopyObjectCommand({ ...of('copy'), CopySource: source }));
    const answer = await client.send(new GetObjectCommand(of('copy')));
    expect(answer).toMatchObject({ ContentType: 'text/csv', ETag: MD5 });
  });

  it('is 404 where it is not there, and so is a bucket', async () => {
    const reading = client.send(new GetObjectCommand(of('a')));
    await expect(reading).rejects.toEqual(failing('NoSuchKey', 404));
    const elsewhere = client.send(new GetObjectCommand({ Bucket: 'nowhere', Key: 'a' }));
    await expect(elsewhere).rejects.toEqual(failing('NoSuchBucket', 404));
  });
});

describe('a removal from the permissive S3', () => {
  beforeEach(() => {
    for (const key of ['a', 'a/b', 'a//b', 'c\r\nd', 'é']) s3.store.put(key, 'content');
  });

  it('takes one object, there or not', async () => {
    for (let i = 0; i < 2; i++) await client.send(new DeleteObjectCommand(of('a/b')));
    expect(s3.store.keys().map(String)).toEqual(['a', 'a//b', 'c\r\nd', 'é']);
  });

  it('takes one object on a condition', async () => {
    const removing = (key: string, tag: string): Promise<unknown> =>
      client.send(new DeleteObjectCommand({ ...of(key), IfMatch: tag }));
    await expect(removing('a', '"other"')).rejects.toEqual(failing('PreconditionFailed', 412));
    await expect(removing('none', MD5)).rejects.toEqual(failing('NoSuchKey', 404));
    await expect(removing('none', '*')).rejects.toEqual(failing('PreconditionFailed', 412));
    await removing('a', MD5);
    expect(s3.store.get('a')).toBeUndefined();
  });

  it('takes many, and says which', async () => {
    const keys = ['a//b', 'c\r\nd', 'none', 'é'];
    const answer = await client.send(
      new DeleteObjectsCommand({ Bucket: s3.bucket, Delete: { Objects: keys.map((Key) => ({ Key })) } }),
    );
    expect(answer.Deleted?.map(({ Key }) => Key)).toEqual(keys);
    expect(s3.store.keys().map(String)).toEqual(['a', 'a/b']);
  });

  it('of many is on a condition for each', async () => {
    const Objects = [
      { Key: 'a', ETag: '"other"' },
      { Key: 'a/b', ETag: MD5 },
    ];
    const answer = await client.send(
      new DeleteObjectsCommand({ Bucket: s3.bucket, Delete: { Objects, Quiet: true } }),
    );
    expect(answer.Errors).toMatchObject([{ Key: 'a', Code: 'PreconditionFailed' }]);
    expect(answer.Deleted).toBeUndefined();
    expect(s3.store.get('a/b')).toBeUndefined();
  });

  it.each([
    ['with a control character', '<Delete><Object><Key>a\x01</Key></Object></Delete>'],
    ['with a reference to one', '<Delete><Object><Key>a&#x1;</Key></Object></Delete>'],
    ['with an unknown reference', '<Delete><Object><Key>a&nbsp;</Key></Object></Delete>'],
    ['that is no UTF-8', '<Delete><Object><Key>a\xff</Key></Object></Delete>'],
    ['without an object', '<Delete></Delete>'],
    ['of 1,001 objects', `<Delete>${'<Object><Key>a</Key></Object>'.repeat(1001)}</Delete>`],
  ])('%s is refused whole', async (_name, xml) => {
    const sending = removing(Buffer.from(xml, 'latin1'));
    await expect(sending).rejects.toEqual(failing('MalformedXML', 400));
    expect(s3.store.size).toBe(5);
  });

  it('wants a digest of its body', async () => {
    const body = Buffer.from('<Delete><Object><Key>a</Key></Object></Delete>');
    const refusal = {
      name: 'InvalidRequest',
      message: expect.stringContaining('Missing required') as string,
    };
    await expect(removing(body, {})).rejects.toMatchObject(refusal);
    expect(s3.store.get('a')).toBeDefined();
    await removing(body);
    expect(s3.store.get('a')).toBeUndefined();
  });
});

describe('a bucket of the permissive S3', () => {
  it('is made and removed once, and not while it holds anything', async () => {
    const bucket = { Bucket: 'another' };
    await client.send(new CreateBucketCommand(bucket));
    const again = client.send(new CreateBucketCommand(bucket));
    await expect(again).rejects.toEqual(failing('BucketAlreadyOwnedByYou', 409));
    s3.storeOf('another').put('a', '');
    const full = client.send(new DeleteBucketCommand(bucket));
    await expect(full).rejects.toEqual(failing('BucketNotEmpty', 409));
    s3.storeOf('another').clear();
    await client.send(new DeleteBucketCommand(bucket));
    const gone = client.send(new DeleteBucketCommand(bucket));
    await expect(gone).rejects.toEqual(failing('NoSuchBucket', 404));
  });
});

/** DeleteObjects with a body that the SDK would not write. */
function removing(body: Buffer, digest?: Record<string, string>): Promise<unknown> {
  const md5 = createHash('md5').update(body).digest('base64');
  const other = sdkClient(s3);
  other.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { body: Buffer; headers: Record<string, string | undefined> }; // of HTTP
      request.body = body;
      delete request.headers['x-amz-checksum-crc32'];
      Object.assign(
        request.headers,
        { 'content-length': String(body.length) },
        digest ?? { 'content-md5': md5 },
      );
      return next(args);
    },
    { step: 'build', priority: 'low', name: 'writeBody' },
  );
  return other.send(new DeleteObjectsCommand({ Bucket: s3.bucket, Delete: { Objects: [{ Key: 'a' }] } }));
}

function past(): string {
  return new Date(Date.now() - 3_600_000).toUTCString();
}

function future(): string {
  return new Date(Date.now() + 3_600_000).toUTCString();
}
