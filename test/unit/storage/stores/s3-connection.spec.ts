import type { StorageConnection } from '../../../../src/storage/contract/storage-provider-factory.js';
import { listedKey } from '../../../../src/storage/contract/listed-key.js';
import { StorageError } from '../../../../src/storage/contract/storage-error.js';
import { parseStorageUrl } from '../../../../src/storage/contract/storage-url.js';
import { S3StorageFactory } from '../../../../src/storage/providers/s3/s3-storage.factory.js';

const factory = new S3StorageFactory({ timeoutMs: 30_000 });
const KEYS = { access_key_id: 'AKIDEXAMPLE', secret_access_key: 'wJalrXUtnFEMI' };

function parse(url: string, options: Readonly<Record<string, string>> = KEYS): StorageConnection {
  return factory.parseConnection(parseStorageUrl(url), new Map(Object.entries(options)), 'user');
}

function complaint(url: string, options?: Readonly<Record<string, string>>): string {
  try {
    parse(url, options);
  } catch (error) {
    if (error instanceof StorageError && error.kind === 'InvalidConfig') return error.message;
    throw error;
  }
  return 'none';
}

describe('the URL of a connection to S3', () => {
  it.each([
    ['s3://bucket', 's3://bucket/', ''],
    ['s3://bucket/', 's3://bucket/', ''],
    ['S3://bucket/demo/', 's3://bucket/demo/', 'demo/'],
    ['s3://my.bucket-1/a/b c/', 's3://my.bucket-1/a/b c/', 'a/b c/'],
    ['s3://bucket/a%20b/?c#d/', 's3://bucket/a%20b/?c#d/', 'a%20b/?c#d/'],
  ])('%s is a bucket and a literal prefix', (text, url, rootPrefix) => {
    expect(parse(text)).toEqual({ scheme: 's3', url, rootPrefix, options: KEYS });
  });

  it.each([
    ['s3:///demo/', 'names no bucket'],
    ['s3://ab/', '"ab" is not a name that S3 allows'],
    ['s3://Bucket/', 'not a name'],
    ['s3://under_score/', 'not a name'],
    ['s3://a..b/', 'not a name'],
    ['s3://192.168.0.1/', 'not a name'],
    [`s3://${'b'.repeat(64)}/`, 'not a name'],
    ['s3://key:secret@bucket/', 'may not hold credentials'],
    ['s3://localhost:9000/bucket/', 'Only a bucket may stand'],
    ['s3://bucket/tb101', "path in URL must end with '/' when CREATE STAGE. Got '/tb101'"],
    ['s3://bucket//a/', 'empty components'],
    ['s3://bucket/a/../b/', "'.' or '..'"],
    ['s3://bucket/./', "'.' or '..'"],
    ['s3://bucket/a\tb/', 'control characters'],
  ])('%s is refused', (text, message) => {
    expect(complaint(text)).toContain(message);
  });

  it('is refused without its credentials being repeated', () => {
    expect(complaint('s3://key:secret@bucket/')).not.toMatch(/key:|secret@/);
  });
});

describe('the options of a connection to S3', () => {
  it('may have their aliases, and keep their canonical names', () => {
    const options = {
      aws_key_id: 'AKID',
      aws_secret_key: 'secret',
      security_token: 'token',
      region: 'eu-west-1',
    };
    expect(parse('s3://bucket/', options).options).toEqual({
      access_key_id: 'AKID',
      secret_access_key: 'secret',
      session_token: 'token',
      region: 'eu-west-1',
    });
  });

  it.each([
    ['localhost:9000', 'https://localhost:9000'],
    ['http://127.0.0.1:9000', 'http://127.0.0.1:9000'],
    ['http://127.0.0.1:9000/', 'http://127.0.0.1:9000'],
    ['HTTPS://Minio.Example.com:443', 'https://minio.example.com'],
    ['http://[::1]:9000', 'http://[::1]:9000'],
  ])('endpoint_url %s is %s', (value, canonical) => {
    const { options } = parse('s3://bucket/', { ...KEYS, endpoint_url: value, presign_endpoint_url: value });
    expect(options['endpoint_url']).toBe(canonical);
    expect(options['presign_endpoint_url']).toBe(canonical);
  });

  it.each([
    ['endpoint_url', 'ftp://host', "'endpoint_url' must be an http or https URL"],
    ['endpoint_url', 'http://user:hush@host', "'endpoint_url' may not hold credentials"],
    ['endpoint_url', 'http://host/path', "'endpoint_url' must be a host"],
    ['endpoint_url', 'http://host/?a=b', "'endpoint_url' must be a host"],
    ['endpoint_url', 'http://host/#a', "'endpoint_url' must be a host"],
    ['endpoint_url', '', "'endpoint_url' must be a URL"],
    ['endpoint_url', 'http://a b', "'endpoint_url' must be a URL"],
    ['presign_endpoint_url', 'http://user:hush@host', "'presign_endpoint_url' may not hold credentials"],
    ['presign_endpoint_url', 'http://host/path', "'presign_endpoint_url' must be a host"],
    ['region', 'eu west', "'region' must be letters"],
    ['region', '', "'region' must be letters"],
    ['enable_virtual_host_style', 'yes', "'enable_virtual_host_style' must be 'true' or 'false'"],
    ['access_key_id', '', "'access_key_id' must be printable"],
    ['secret_access_key', 'hush\n', "'secret_access_key' must be printable"],
    ['master_key', 'hush', "'master_key' is an option of Databend that is not supported here"],
    ['aws_role_arn', 'hush', "'aws_role_arn' is an option of Databend that is not supported here"],
    ['external_id', 'hush', "'external_id' is an option of Databend that is not supported here"],
    ['colour', 'hush', 'Expected [`endpoint_url`, `region`, `access_key_id`, '],
    ['colour', 'hush', 'got [`colour`]'],
  ])('%s = "%s" is refused', (name, value, message) => {
    const text = complaint('s3://bucket/', { ...KEYS, [name]: value });
    expect(text).toContain('connection params invalid: ');
    expect(text).toContain(message);
    expect(text).not.toContain('hush');
  });

  it.each([
    [{ access_key_id: 'a' }, ["'secret_access_key' is missing."]],
    [{ aws_secret_key: 'a' }, ["'access_key_id' is missing."]],
    [{ session_token: 'a' }, ["'access_key_id' is missing.", "'secret_access_key' is missing."]],
  ])('with a part of the keys, %j, need the rest', (options, missing) => {
    const text = complaint('s3://bucket/', options);
    for (const sentence of missing) expect(text).toContain(sentence);
  });

  it('may hold no keys at all: the bucket is a public one, and nothing can be signed', () => {
    const connection = parse('s3://bucket/', {});
    expect(factory.describe(connection)).toMatchObject({
      hasCredentials: false,
      params: { access_key_id: '', secret_access_key: '' },
    });
    expect(factory.open(connection).capabilities.presign).toBe(false);
  });

  it('may be given twice only with one value', () => {
    expect(parse('s3://bucket/', { ...KEYS, aws_key_id: KEYS.access_key_id }).options).toEqual(KEYS);
    const text = complaint('s3://bucket/', { ...KEYS, aws_secret_key: 'hush' });
    expect(text).toContain(
      "'secret_access_key' and 'aws_secret_key' are the same option with different values",
    );
    expect(text).not.toContain('hush');
  });

  it('are complained about all at once, together with the URL', () => {
    const text = complaint('s3://Bucket/x', { region: '', colour: 'red' });
    for (const part of ['Bucket', "Got '/x'", 'region', 'colour', 'access_key_id'])
      expect(text).toContain(part);
  });
});

describe('what is shown of a connection to S3', () => {
  it('has the shape of Databend, with every secret masked', () => {
    const connection = parse('s3://bucket/demo/', {
      ...KEYS,
      session_token: 'abcd',
      endpoint_url: 'http://localhost:9000',
      enable_virtual_host_style: 'TRUE',
    });
    expect(factory.describe(connection)).toEqual({
      endpoint: 'http://localhost:9000',
      hasCredentials: true,
      params: {
        access_key_id: 'AK***LE',
        bucket: 'bucket',
        enable_virtual_host_style: true,
        endpoint_url: 'http://localhost:9000',
        external_id: '',
        master_key: '',
        network_config: null,
        region: 'us-east-1',
        role_arn: '',
        root: '/demo/',
        secret_access_key: 'wJ***MI',
        security_token: '***',
        storage_class: 'Standard',
        type: 'S3',
      },
    });
  });

  it('has the endpoint of presigned URLs only where one is given', () => {
    const presign_endpoint_url = 'https://files.example';
    const { params } = factory.describe(parse('s3://bucket', { ...KEYS, presign_endpoint_url }));
    expect(params['presign_endpoint_url']).toBe(presign_endpoint_url);
    expect(Object.keys(params)).toEqual(Object.keys(params).sort());
    expect(factory.describe(parse('s3://bucket')).params).not.toHaveProperty('presign_endpoint_url');
  });

  it('is AWS where no endpoint is given, and the root is a slash', () => {
    const { endpoint, params } = factory.describe(parse('s3://bucket'));
    expect([endpoint, params['root'], params['security_token']]).toEqual([
      'https://s3.amazonaws.com',
      '/',
      '',
    ]);
  });

  it("has the region that AWS's endpoint names", () => {
    const connection = parse('s3://bucket', {
      ...KEYS,
      endpoint_url: 'https://s3.eu-central-1.amazonaws.com',
    });
    expect(factory.describe(connection).params['region']).toBe('eu-central-1');
  });
});

describe('a URL that S3 itself presigns', () => {
  const INNER = 'http://minio:9000';
  const OUTER = 'https://files.example:8443';

  async function presigned(options: Readonly<Record<string, string>>): Promise<URL> {
    const provider = factory.open(parse('s3://bucket/', { ...KEYS, ...options }));
    const target = { method: 'GET', key: listedKey('a b.csv') } as const;
    return new URL((await provider.presign(target, { expiresInSeconds: 60 })).url);
  }

  it.each([
    ['its endpoint', { endpoint_url: INNER }, 'http://minio:9000', '/bucket/a%20b.csv'],
    ['AWS', {}, 'https://s3.us-east-1.amazonaws.com', '/bucket/a%20b.csv'],
    ['the public endpoint', { endpoint_url: INNER, presign_endpoint_url: OUTER }, OUTER, '/bucket/a%20b.csv'],
    [
      'the public endpoint, the bucket in its name',
      { endpoint_url: INNER, presign_endpoint_url: OUTER, enable_virtual_host_style: 'true' },
      'https://bucket.files.example:8443',
      '/a%20b.csv',
    ],
  ])('leads to %s', async (_where, options, origin, path) => {
    const url = await presigned(options);
    expect([url.origin, url.pathname]).toEqual([origin, path]);
    expect(url.searchParams.get('X-Amz-SignedHeaders')).toBe('host');
  });
});
