import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { type PermissiveS3, startPermissiveS3 } from '../../../support/permissive-s3/permissive-s3.mjs';
import { sdkClient } from './s3-requests.js';

const PART_BYTES = 5 * 1024 * 1024;
let s3: PermissiveS3;
let client: S3Client;

beforeAll(async () => {
  s3 = await startPermissiveS3();
  client = sdkClient(s3);
});
beforeEach(() => {
  s3.store.clear();
});
afterAll(() => s3.stop());

describe('an upload in parts to the permissive S3', () => {
  it('makes one object of its parts, whose ETag says how many there were', async () => {
    const id = await begin('big.bin', 'text/csv');
    const [first, second] = [Buffer.alloc(PART_BYTES, 1), Buffer.from('the end')];
    const parts = [await send(id, 7, first), await send(id, 9, second)];
    expect(s3.store.size).toBe(0);
    const answer = await complete(id, parts);
    const md5s = [first, second].map((bytes) => createHash('md5').update(bytes).digest());
    const etag = `"${createHash('md5').update(Buffer.concat(md5s)).digest('hex')}-2"`;
    expect(answer).toMatchObject({ Bucket: s3.bucket, Key: 'big.bin', ETag: etag });
    expect(s3.store.get('big.bin')?.equals(Buffer.concat([first, second]))).toBe(true);
    await expect(complete(id, parts)).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });

  it('keeps the last of two parts of one number', async () => {
    const id = await begin();
    const stale = await send(id, 1, Buffer.from('old'));
    const part = await send(id, 1, Buffer.from('new'));
    await expect(complete(id, [stale])).rejects.toMatchObject({ name: 'InvalidPart' });
    await complete(id, [part]);
    expect(s3.store.get('big.bin')?.toString()).toBe('new');
  });

  it('is refused with parts that are missing, in disorder, too small or none', async () => {
    const id = await begin();
    const small = await send(id, 1, Buffer.from('small'));
    const last = await send(id, 2, Buffer.from('last'));
    const refusals: [CompletedPart[], string][] = [
      [[{ ...small, PartNumber: 3 }], 'InvalidPart'],
      [[{ ...small, ETag: '"other"' }], 'InvalidPart'],
      [[last, small], 'InvalidPartOrder'],
      [[small, last], 'EntityTooSmall'],
      [[], 'MalformedXML'],
    ];
    for (const [parts, name] of refusals) await expect(complete(id, parts)).rejects.toMatchObject({ name });
    expect(s3.store.size).toBe(0);
    await complete(id, [last]);
  });

  it('is completed on a condition that is looked at in the end', async () => {
    const id = await begin();
    const parts = [await send(id, 1, Buffer.from('mine'))];
    s3.store.put('big.bin', 'theirs');
    await expect(complete(id, parts, { IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    expect(s3.store.get('big.bin')?.toString()).toBe('theirs');
    s3.store.clear();
    const again = await begin();
    await complete(again, [await send(again, 1, Buffer.from('mine'))], { IfNoneMatch: '*' });
    expect(s3.store.get('big.bin')?.toString()).toBe('mine');
  });

  it('is gone when it is aborted', async () => {
    const id = await begin();
    const part = await send(id, 1, Buffer.from('x'));
    await client.send(new AbortMultipartUploadCommand({ ...target(), UploadId: id }));
    await expect(complete(id, [part])).rejects.toMatchObject({ name: 'NoSuchUpload' });
    await expect(send(id, 2, Buffer.from('x'))).rejects.toMatchObject({ name: 'NoSuchUpload' });
    expect(s3.store.uploads.all()).toEqual([]);
  });

  it('lists its parts in pages', async () => {
    const id = await begin();
    for (const number of [3, 1, 2]) await send(id, number, Buffer.from('x'.repeat(number)));
    const list = (marker?: string): Promise<unknown> =>
      client.send(new ListPartsCommand({ ...target(), UploadId: id, MaxParts: 2, PartNumberMarker: marker }));
    expect(await list()).toMatchObject({
      Parts: [
        { PartNumber: 1, Size: 1 },
        { PartNumber: 2, Size: 2 },
      ],
      IsTruncated: true,
      NextPartNumberMarker: '2',
    });
    expect(await list('2')).toMatchObject({ Parts: [{ PartNumber: 3 }], IsTruncated: false });
  });

  it('is listed with the others, by prefix and in pages', async () => {
    const ids = [await begin('b'), await begin('a'), await begin('b'), await begin('c')];
    const seen: unknown[] = [];
    let marker: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
    while (marker !== undefined) {
      const page: Awaited<ReturnType<typeof listUploads>> = await listUploads({ ...marker, MaxUploads: 1 });
      seen.push(...(page.Uploads ?? []).map(({ Key, UploadId }) => [Key, UploadId]));
      const { NextKeyMarker: KeyMarker = '', NextUploadIdMarker: UploadIdMarker = '' } = page;
      marker = page.IsTruncated === true ? { KeyMarker, UploadIdMarker } : undefined;
    }
    const inOrder = [1, 0, 2, 3].map((index) => [['b', 'a', 'b', 'c'][index], ids[index]]);
    expect(seen).toEqual(inOrder);
    const some = await listUploads({ Prefix: 'b' });
    expect(some.Uploads).toHaveLength(2);
  });
});

const target = (key = 'big.bin'): { Bucket: string; Key: string } => ({ Bucket: s3.bucket, Key: key });

async function begin(key?: string, ContentType?: string): Promise<string> {
  const answer = await client.send(new CreateMultipartUploadCommand({ ...target(key), ContentType }));
  return answer.UploadId ?? '';
}

async function send(UploadId: string, PartNumber: number, Body: Buffer): Promise<CompletedPart> {
  const answer = await client.send(new UploadPartCommand({ ...target(), UploadId, PartNumber, Body }));
  return { PartNumber, ETag: answer.ETag, ChecksumCRC32: answer.ChecksumCRC32 };
}

function complete(
  UploadId: string,
  Parts: CompletedPart[],
  more: Partial<CompleteMultipartUploadCommandInput> = {},
): Promise<unknown> {
  return client.send(
    new CompleteMultipartUploadCommand({ ...target(), UploadId, MultipartUpload: { Parts }, ...more }),
  );
}

function listUploads(
  options: Partial<ConstructorParameters<typeof ListMultipartUploadsCommand>[0]>,
): Promise<{
  Uploads?: { Key?: string | undefined; UploadId?: string | undefined }[] | undefined;
  IsTruncated?: boolean | undefined;
  NextKeyMarker?: string | undefined;
  NextUploadIdMarker?: string | undefined;
}> {
  return client.send(new ListMultipartUploadsCommand({ Bucket: s3.bucket, ...options }));
}
