import { parseStorageUrl } from '../../../../src/storage/contract/storage-url.js';
import { EndpointRules } from '../../../../src/storage/endpoints/endpoint-rules.js';
import { S3StorageFactory } from '../../../../src/storage/providers/s3/s3-storage.factory.js';

/** What CREATE STAGE says of an endpoint, or `allowed`. */
function refusalOf(
  endpoint: string,
  endpoints: readonly string[] = [],
  origin: 'operator' | 'user' = 'user',
): string {
  const factory = new S3StorageFactory({ timeoutMs: 30_000, endpoints });
  try {
    factory.parseConnection(parseStorageUrl('s3://bucket/'), new Map([['endpoint_url', endpoint]]), origin);
    return 'allowed';
  } catch (error) {
    expect(error).toMatchObject({ kind: 'InvalidConfig' });
    return (error as Error).message;
  }
}

function verdict(rules: EndpointRules, address: string, host = address): string {
  return rules.refusalOf(address, host)?.message ?? 'allowed';
}

describe('an endpoint that is always refused', () => {
  it.each([
    'http://169.254.169.254',
    'http://169.254.169.254:80/',
    '169.254.169.254',
    'https://169.254.169.254.',
    'http://2852039166',
    'http://0xa9fea9fe',
    'http://0xA9.0xFE.0xA9.0xFE',
    'http://0251.0376.0251.0376',
    'http://025177524776',
    'http://169.254.43518',
    'http://169.16689662',
    'http://169.0xfe.0251.254',
    'http://①⑥⑨.②⑤④.①⑥⑨.②⑤④',
    'http://169。254。169。254',
    'http://%31%36%39.254.169.254',
    'http://[::ffff:169.254.169.254]',
    'http://[::ffff:a9fe:a9fe]',
    'http://[0:0:0:0:0:FFFF:A9FE:A9FE]:9000',
    'http://[::169.254.169.254]',
    'http://[::ffff:0:169.254.169.254]',
    'http://[2002:a9fe:a9fe::1]',
    'http://[64:ff9b::169.254.169.254]',
    'http://[64:ff9b::a9fe:a9fe]',
    'http://169.254.170.2',
    'http://[fe80::a9fe:a9fe]',
    'http://[febf::1]',
  ])('%s is link-local', (endpoint) => {
    expect(refusalOf(endpoint)).toMatch(
      /^The endpoint is refused: .+ is a link-local address, to which no stage may lead\.$/,
    );
    expect(refusalOf(endpoint, [], 'operator')).toContain('link-local');
    expect(refusalOf(endpoint, ['169.254.169.254', '169.254.0.0/16', 'fe80::/10'])).toContain('link-local');
  });

  it.each([
    ['http://0.0.0.0:9000', 'an unspecified address'],
    ['http://0', 'an unspecified address'],
    ['http://0.1.2.3', 'an unspecified address'],
    ['http://[::]', 'an unspecified address'],
    ['http://[::ffff:0.0.0.0]', 'an unspecified address'],
    ['http://224.0.0.1', 'a multicast address'],
    ['http://239.255.255.255', 'a multicast address'],
    ['http://[ff02::1]', 'a multicast address'],
    ['http://255.255.255.255', 'the broadcast address'],
    ['http://[fd00:ec2::254]', 'the address of a metadata service'],
    ['http://[fd00:0ec2:0:0::254]', 'the address of a metadata service'],
    ['http://[fd20:ce::254]', 'the address of a metadata service'],
    ['http://100.100.100.200', 'the address of a metadata service'],
    ['http://[::ffff:100.100.100.200]', 'the address of a metadata service'],
    ['http://[64:ff9b::100.100.100.200]', 'the address of a metadata service'],
    ['http://168.63.129.16', 'the address of a metadata service'],
    ['http://192.0.0.192', 'the address of a metadata service'],
    ['http://[64:ff9b:1::a9fe:a9fe]', 'an address that hides another one'],
    ['http://[2001:0:a9fe:a9fe::1]', 'an address that hides another one'],
  ])('%s is %s', (endpoint, what) => {
    expect(refusalOf(endpoint)).toContain(` is ${what}, to which no stage may lead.`);
  });

  it.each([
    'http://127.0.0.1:9000',
    'http://localhost:9000',
    'http://[::1]:9000',
    'http://10.0.0.5',
    'http://192.168.1.1',
    'http://172.16.0.1',
    'http://100.64.0.1',
    'http://169.253.255.255',
    'http://169.255.0.0',
    'http://[fd12::1]',
    'http://[2001:db8::1]',
    'http://[64:ff9b::10.0.0.1]',
    'https://s3.eu-west-1.amazonaws.com',
  ])('is not %s', (endpoint) => {
    expect(refusalOf(endpoint)).toBe('allowed');
  });
});

describe('STORAGE_ENDPOINTS', () => {
  it.each([
    [['minio.example.com'], 'http://minio.example.com:9000', true],
    [['minio.example.com'], 'http://MINIO.example.com.', true],
    [['minio.example.com'], 'http://other.example.com', false],
    [['minio.example.com'], 'http://10.0.0.5', false],
    [['.example.com'], 'http://a.b.example.com', true],
    [['.example.com'], 'http://example.com', false],
    [['.example.com'], 'http://badexample.com', false],
    [['10.0.0.0/8'], 'http://10.1.2.3', true],
    [['10.0.0.0/8'], 'http://[::ffff:10.1.2.3]', true],
    [['10.0.0.0/8'], 'http://11.1.2.3', false],
    [['10.0.0.5'], 'http://10.0.0.5', true],
    [['10.0.0.5'], 'http://10.0.0.6', false],
    [['fd12::/16'], 'http://[fd12::1]', true],
    [['[fd12::1]'], 'http://[fd12::1]:9000', true],
    [['fd12::1'], 'http://[fd12::2]', false],
    // What the name means is seen when it is connected to.
    [['10.0.0.0/8'], 'http://minio.example.com', true],
    [['.amazonaws.com'], 'https://s3.amazonaws.com', true],
  ])('%j: may a stage lead to %s? %s', (endpoints, endpoint, isAllowed) => {
    const told = refusalOf(endpoint, endpoints);
    if (isAllowed) expect(told).toBe('allowed');
    else
      expect(told).toMatch(/setting STORAGE_ENDPOINTS says where stages may lead, and \S+ is not in it\.$/);
  });

  it('also bounds AWS, which needs no endpoint_url', () => {
    const factory = new S3StorageFactory({ timeoutMs: 30_000, endpoints: ['minio.example.com'] });
    expect(() => factory.parseConnection(parseStorageUrl('s3://bucket/'), new Map(), 'user')).toThrow(
      's3.amazonaws.com is not in it',
    );
  });

  it("does not bound the operator's own internal storage", () => {
    expect(refusalOf('http://10.0.0.5', ['minio.example.com'], 'operator')).toBe('allowed');
  });

  it('judges the address of a name that is looked up, and tells it to nobody', () => {
    const rules = new EndpointRules(['10.0.0.0/8', 'store.example.com']);
    expect(verdict(rules, '10.9.8.7', 'minio')).toBe('allowed');
    expect(verdict(rules, '192.168.0.1', 'store.example.com')).toBe('allowed');
    expect(verdict(rules, '192.168.0.1', 'minio')).toMatch(/and minio is not in it/);
    expect(verdict(rules, '192.168.0.1', 'minio')).not.toContain('192.168');
    expect(verdict(rules, '169.254.169.254', 'store.example.com')).toContain('is a link-local address');
  });
});
