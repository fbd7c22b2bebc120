import { parseStorageUrl } from '../../../src/storage/contract/storage-url.js';
import { ofKind } from '../of-kind.js';

it.each([
  ['s3://bucket/prefix/', 's3', 'bucket', '/prefix/'],
  ['S3://Bucket', 's3', 'Bucket', '/'],
  ['fs:///srv/a b/', 'fs', '', '/srv/a b/'],
  ['s3://bucket/a%20b/?c#d/', 's3', 'bucket', '/a%20b/?c#d/'],
  ['s3://bucket/a@b/', 's3', 'bucket', '/a@b/'],
  ['s3://bucket//a/', 's3', 'bucket', '//a/'],
  ['web+x.y-1://host:80/日本/', 'web+x.y-1', 'host:80', '/日本/'],
  ['memory://', 'memory', '', '/'],
])('%s has its literal parts', (text, scheme, authority, path) => {
  expect(parseStorageUrl(text)).toEqual({ scheme, authority, path, text });
});

it.each([
  '',
  'bucket',
  's3:/bucket/',
  's3:bucket',
  '://bucket/',
  '1s3://bucket/',
  ' s3://bucket/',
  's3 ://bucket/',
  's3://bucket/a\nb/',
])('%j is no storage URL', (text) => {
  const parse = (): unknown => parseStorageUrl(text);
  expect(parse).toThrow('Not a storage URL');
  expect(parse).toThrow(ofKind('InvalidConfig'));
});

it.each(['s3://key:hush@bucket/', 's3://hush@bucket/a/', 'fs://hush@/'])(
  'credentials in a URL are refused and not repeated',
  (text) => {
    const parse = (): unknown => parseStorageUrl(text);
    expect(parse).toThrow('may not hold credentials');
    expect(parse).not.toThrow('hush');
  },
);
