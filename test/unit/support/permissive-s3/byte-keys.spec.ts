import { ListObjectsV2Command, type ListObjectsV2CommandInput } from '@aws-sdk/client-s3';
import { type PermissiveS3, startPermissiveS3 } from '../../../support/permissive-s3/permissive-s3.mjs';
import { pathOf, sdkClient, signed } from './s3-requests.js';

let s3: PermissiveS3;

beforeAll(async () => {
  s3 = await startPermissiveS3();
});
beforeEach(() => {
  s3.store.clear();
});
afterAll(() => s3.stop());

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const KEYS: readonly (readonly [string, Buffer])[] = [
  ['two slashes', Buffer.from('a//b.csv')],
  ['a leading slash', Buffer.from('/lead.csv')],
  ['slashes alone', Buffer.from('///')],
  ['a trailing slash', Buffer.from('dir/')],
  ['dots', Buffer.from('a/../b/./c/..')],
  ['spaces at its ends', Buffer.from(' a ')],
  ['control characters', latin1('a\r\n\t\x01\x7fb')],
  ['a zero byte', latin1('a\0b')],
  ['no UTF-8', latin1('a\xff\xc3')],
  ['every byte', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
  ['what looks encoded', Buffer.from('a%2Fb+c%20d&amp;<e>')],
  ['1,024 bytes', Buffer.alloc(1024, 0xfe)],
];

describe('a key of the permissive S3', () => {
  it.each(KEYS)('with %s is stored, read and removed as it is', async (_name, key) => {
    const path = pathOf(s3, key);
    expect(await signed(s3, 'PUT', path, { body: Buffer.from('content') })).toMatchObject({ status: 200 });
    expect(s3.store.keys()).toEqual([key]);
    expect(await signed(s3, 'GET', path)).toMatchObject({ status: 200, text: 'content' });
    expect(await signed(s3, 'HEAD', path)).toMatchObject({ status: 200 });
    expect(s3.journal.entries.at(-1)).toMatchObject({ operation: 'HeadObject', keyBytes: key, status: 200 });
    expect(await signed(s3, 'DELETE', path)).toMatchObject({ status: 204 });
    expect(s3.store.keys()).toEqual([]);
  });

  it.each(KEYS)('with %s is listed by its bytes', async (_name, key) => {
    s3.store.put(key, 'content');
    const [listed] = await listedKeys({ EncodingType: 'url' });
    expect(unescaped(listed)).toEqual(key);
  });

  it('names that object and no neighbour', async () => {
    s3.store.put('a//b', 'two');
    for (const path of ['a/b', '/a//b', 'a//b/', 'a///b', 'a/./b', 'A//b']) {
      expect(await signed(s3, 'GET', `/${s3.bucket}/${path}`)).toMatchObject({ status: 404 });
      await signed(s3, 'DELETE', `/${s3.bucket}/${path}`);
    }
    expect(s3.store.keys().map(String)).toEqual(['a//b']);
  });

  it('has at most 1,024 bytes', async () => {
    const answer = await signed(s3, 'PUT', pathOf(s3, Buffer.alloc(1025, 0xfe)));
    expect(answer).toMatchObject({ status: 400, text: expect.stringContaining('KeyTooLongError') as string });
  });

  it('sorts by its bytes', () => {
    const sorted = ['', 'A', 'a', 'a\x01', 'a/', 'a0', '\x7f', '\xc3\xa9', '\xf0\x9f', '\xff']
      .slice(1)
      .map(latin1);
    for (const key of [...sorted].reverse()) s3.store.put(key, '');
    expect(s3.store.keys()).toEqual([...sorted].sort((a, b) => Buffer.compare(a, b)));
  });
});

describe('a listing of the permissive S3', () => {
  const put = (...keys: readonly string[]): void => {
    for (const key of keys) s3.store.put(key, key);
  };

  it('begins after a key that need not be there', async () => {
    put('a', 'b', 'b/c', 'c');
    expect(await listedKeys({ StartAfter: 'b' })).toEqual(['b/c', 'c']);
    expect(await listedKeys({ StartAfter: 'aa' })).toEqual(['b', 'b/c', 'c']);
  });

  it('takes a prefix as it is', async () => {
    put('a', 'a//b', 'a/b', '/a', 'ab');
    expect(await listedKeys({ Prefix: 'a/' })).toEqual(['a//b', 'a/b']);
    expect(await listedKeys({ Prefix: 'a//' })).toEqual(['a//b']);
    expect(await listedKeys({ Prefix: '/' })).toEqual(['/a']);
  });

  it.each([1, 2, 3, 1000])('comes in pages of %i, each key once', async (size) => {
    put('a', 'b', 'b/c', 'c', 'd');
    const client = sdkClient(s3);
    const keys: string[] = [];
    let token: string | undefined;
    do {
      const page = await client.send(
        new ListObjectsV2Command({ Bucket: s3.bucket, MaxKeys: size, ContinuationToken: token }),
      );
      const contents = (page.Contents ?? []).map(({ Key }) => Key ?? '');
      expect(page).toMatchObject({ KeyCount: contents.length, MaxKeys: size });
      keys.push(...contents);
      token = page.NextContinuationToken;
      expect(page.IsTruncated).toBe(token !== undefined);
    } while (token !== undefined);
    expect(keys).toEqual(['a', 'b', 'b/c', 'c', 'd']);
  });

  it('groups by a delimiter, a group once over all pages', async () => {
    put('a/1', 'a/2', 'b', 'c/1', 'c/2', 'd');
    const seen: string[] = [];
    let token: string | undefined;
    do {
      const page = await sdkClient(s3).send(
        new ListObjectsV2Command({
          Bucket: s3.bucket,
          Delimiter: '/',
          MaxKeys: 1,
          ContinuationToken: token,
        }),
      );
      seen.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ''));
      seen.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix ?? ''));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    expect(seen).toEqual(['a/', 'b', 'c/', 'd']);
  });
});

async function listedKeys(options: Omit<ListObjectsV2CommandInput, 'Bucket'>): Promise<string[]> {
  const page = await sdkClient(s3).send(new ListObjectsV2Command({ Bucket: s3.bucket, ...options }));
  return (page.Contents ?? []).map(({ Key }) => Key ?? '');
}

/** As a form would read it. */
function unescaped(text = ''): Buffer {
  const bytes = text
    .replaceAll('+', ' ')
    .replace(/%([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return latin1(bytes);
}
