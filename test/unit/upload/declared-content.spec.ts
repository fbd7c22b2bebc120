import { createHash } from 'node:crypto';
import type { DeclaredContent } from '../../../src/upload/files/file-upload.js';
import { declaredContent, assertNoFormDigests } from '../../../src/upload/headers/declared-content.js';
import { ofKind } from '../of-kind.js';

type Headers = Readonly<Record<string, string | readonly string[]>>;

const CONTENT = Buffer.from('hello');
const base64 = (algorithm: string, content = CONTENT): string =>
  createHash(algorithm).update(content).digest('base64');
const hex = (algorithm: string): string => createHash(algorithm).update(CONTENT).digest('hex');
/** Of `hello`, by the tables of RFC 3720 and zlib. */
const CRC32 = '3610a686';
const CRC32C = '9a71bb4c';
const crc = (value: string): string => Buffer.from(value, 'hex').toString('base64');

function declared(headers: Headers): DeclaredContent {
  const values = (name: string): readonly string[] => [headers[name] ?? []].flat();
  return declaredContent(Object.keys(headers), values);
}

describe('a declared digest', () => {
  it.each<[string, Headers, object]>([
    ['none', {}, {}],
    ['Content-MD5', { 'content-md5': base64('md5') }, { md5: hex('md5') }],
    ['Content-MD5 with white space around', { 'content-md5': ` ${base64('md5')} ` }, { md5: hex('md5') }],
    ['Content-Digest', { 'content-digest': `sha-256=:${base64('sha256')}:` }, { sha256: hex('sha256') }],
    ['Repr-Digest', { 'repr-digest': `sha-512=:${base64('sha512')}:` }, { sha512: hex('sha512') }],
    ['md5 in Content-Digest', { 'content-digest': `md5=:${base64('md5')}:` }, { md5: hex('md5') }],
    ['sha in Content-Digest', { 'content-digest': `sha=:${base64('sha1')}:` }, { sha1: hex('sha1') }],
    ['crc32c in Content-Digest', { 'content-digest': `crc32c=:${crc(CRC32C)}:` }, { crc32c: CRC32C }],
    [
      'two in one field',
      { 'content-digest': `sha-256=:${base64('sha256')}:, md5=:${base64('md5')}:` },
      { sha256: hex('sha256'), md5: hex('md5') },
    ],
    [
      'two fields of one name',
      { 'content-digest': [`sha-256=:${base64('sha256')}:`, `md5=:${base64('md5')}:`] },
      { sha256: hex('sha256'), md5: hex('md5') },
    ],
    [
      'an unknown one beside a known one',
      { 'content-digest': `unixsum=:AAA=:, sha-256=:${base64('sha256')}:;q=1` },
      { sha256: hex('sha256') },
    ],
    ['Digest (RFC 3230)', { digest: `SHA-256=${base64('sha256')}` }, { sha256: hex('sha256') }],
    [
      'Digest with two, and one unknown',
      { digest: `md5=${base64('md5')}, UNIXsum=30637,sha-512=${base64('sha512')};q=1` },
      { md5: hex('md5'), sha512: hex('sha512') },
    ],
    ['x-amz-checksum-sha256', { 'x-amz-checksum-sha256': base64('sha256') }, { sha256: hex('sha256') }],
    ['x-amz-checksum-sha1', { 'x-amz-checksum-sha1': base64('sha1') }, { sha1: hex('sha1') }],
    ['x-amz-checksum-crc32', { 'x-amz-checksum-crc32': crc(CRC32) }, { crc32: CRC32 }],
    ['x-amz-checksum-crc32c', { 'x-amz-checksum-crc32c': crc(CRC32C) }, { crc32c: CRC32C }],
    [
      'words about checksums that are none',
      {
        'x-amz-checksum-algorithm': 'SHA256',
        'x-amz-checksum-mode': 'ENABLED',
        'x-amz-checksum-type': 'FULL_OBJECT',
      },
      {},
    ],
    [
      'the same one by two headers',
      { 'content-md5': base64('md5'), 'content-digest': `md5=:${base64('md5')}:` },
      { md5: hex('md5') },
    ],
  ])('is read: %s', (_name, headers, checksums) => {
    expect(declared(headers).checksums).toEqual(checksums);
  });

  it.each<[string, Headers, string]>([
    ['md5 as hex', { 'content-md5': hex('md5') }, 'MalformedHeader'],
    ['an empty md5', { 'content-md5': '' }, 'MalformedHeader'],
    ['too short an md5', { 'content-md5': 'AAAA' }, 'MalformedHeader'],
    ['an md5 for a sha256', { 'x-amz-checksum-sha256': base64('md5') }, 'MalformedHeader'],
    ['base64 for URLs', { 'content-md5': '__________________8=' }, 'MalformedHeader'],
    ['no colons', { 'content-digest': `sha-256=${base64('sha256')}` }, 'MalformedHeader'],
    [
      'the old Digest form in quotes',
      { 'content-digest': `sha-256="${base64('sha256')}"` },
      'MalformedHeader',
    ],
    ['an empty member', { 'content-digest': `sha-256=:${base64('sha256')}:,` }, 'MalformedHeader'],
    ['Digest as hex', { digest: `md5=${hex('md5')}` }, 'MalformedHeader'],
    ['Digest with colons', { digest: `sha-256=:${base64('sha256')}:` }, 'MalformedHeader'],
    ['Digest by an unknown algorithm alone', { digest: 'UNIXsum=30637' }, 'MalformedHeader'],
    [
      'Digest that contradicts another header',
      { 'content-md5': base64('md5'), digest: `md5=${base64('md5', Buffer.from('x'))}` },
      'ConflictingHeaders',
    ],
    ['an unknown algorithm alone', { 'content-digest': 'unixsum=:AAA=:' }, 'MalformedHeader'],
    ['the name of a method of objects', { 'content-digest': 'constructor=:AAA=:' }, 'MalformedHeader'],
    ['crc64nvme', { 'x-amz-checksum-crc64nvme': 'AAAAAAAAAAA=' }, 'MalformedHeader'],
    ['a trailer', { trailer: 'x-amz-checksum-crc32' }, 'MalformedHeader'],
    ['a trailer among others', { trailer: 'Expires, Content-MD5' }, 'MalformedHeader'],
    [
      'two that differ',
      { 'content-md5': base64('md5'), 'content-digest': `md5=:${base64('md5', Buffer.from('x'))}:` },
      'ConflictingHeaders',
    ],
    [
      'two Content-MD5',
      { 'content-md5': [base64('md5'), base64('md5', Buffer.from('x'))] },
      'ConflictingHeaders',
    ],
  ])('is refused: %s', (_name, headers, kind) => {
    expect(() => declared(headers)).toThrow(ofKind(kind));
  });

  it('lets the content pass that has it, and refuses another by what was found', () => {
    const { verify } = declared({ 'content-md5': base64('md5') });
    expect(() => {
      verify({ size: 5, checksums: { md5: hex('md5') } });
    }).not.toThrow();
    const other = createHash('md5').update('other').digest();
    expect(() => {
      verify({ size: 5, checksums: { md5: other.toString('hex') } });
    }).toThrow(ofKind('ChecksumMismatch', { message: expect.stringContaining(other.toString('base64')) }));
  });

  it('is wrong where it was not computed', () => {
    const { verify } = declared({ 'x-amz-checksum-crc32': crc(CRC32) });
    expect(() => {
      verify({ size: 5, checksums: {} });
    }).toThrow(ofKind('ChecksumMismatch', { message: expect.stringContaining('x-amz-checksum-crc32') }));
  });

  it('of several is checked each', () => {
    const headers = { 'content-md5': base64('md5'), 'x-amz-checksum-sha1': base64('sha1') };
    const { verify } = declared(headers);
    const right = { md5: hex('md5'), sha1: hex('sha1') };
    for (const wrong of [
      { ...right, md5: '00' },
      { ...right, sha1: '00' },
    ])
      expect(() => {
        verify({ size: 5, checksums: wrong });
      }).toThrow(ofKind('ChecksumMismatch'));
    expect(() => {
      verify({ size: 5, checksums: right });
    }).not.toThrow();
  });
});

describe('a digest of a form as a whole', () => {
  it.each([
    'content-md5',
    'content-digest',
    'repr-digest',
    'x-amz-checksum-crc32',
    'x-amz-checksum-crc64nvme',
  ])('%s is refused by its name', (name) => {
    expect(() => {
      assertNoFormDigests({ [name]: ['x'] });
    }).toThrow(ofKind('MalformedHeader', { message: expect.stringContaining(name) }));
  });

  it.each(['content-type', 'x-amz-checksum-mode', 'digest-of-nothing'])('%s is none', (name) => {
    expect(() => {
      assertNoFormDigests({ [name]: ['x'] });
    }).not.toThrow();
  });
});
