import { createHook, type AsyncHook } from 'node:async_hooks';
import dns, { type LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { jest } from '@jest/globals';
import { listedKey } from '../../../../src/storage/contract/listed-key.js';
import { objectKey } from '../../../../src/storage/contract/object-key.js';
import type { StorageProvider } from '../../../../src/storage/contract/storage-provider.js';
import { parseStorageUrl } from '../../../../src/storage/contract/storage-url.js';
import { S3StorageFactory } from '../../../../src/storage/providers/s3/s3-storage.factory.js';

const METADATA: LookupAddress = { address: '169.254.169.254', family: 4 };
const HERE: LookupAddress = { address: '127.0.0.1', family: 4 };
const EMPTY_BUCKET =
  '<ListBucketResult><Name>bucket</Name><IsTruncated>false</IsTruncated><KeyCount>0</KeyCount></ListBucketResult>';

type Operation = (provider: StorageProvider) => Promise<unknown>;

const list: Operation = async (provider) => {
  for await (const batch of provider.list()) expect(batch).toEqual([]);
};
const OPERATIONS: readonly (readonly [string, Operation])[] = [
  ['list', list],
  ['put', (provider) => provider.put(objectKey('a'), Readable.from([Buffer.from('x')]))],
  ['get', (provider) => provider.get(listedKey('a'))],
  ['stat', (provider) => provider.stat(listedKey('a'))],
  [
    'remove',
    async (provider) => {
      const { failures } = await provider.remove([listedKey('a')]);
      if (failures[0] !== undefined) throw failures[0].error;
    },
  ],
];

let server: Server;
let asked: number;
let connects: number;
let hook: AsyncHook;
/** What the name means, one lookup after the other; the last one stays. */
let answers: LookupAddress[][];

beforeEach(async () => {
  [asked, connects] = [0, 0];
  server = createServer((_request, response) => {
    asked++;
    response.setHeader('connection', 'close');
    response.setHeader('content-type', 'application/xml');
    response.end(EMPTY_BUCKET);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  hook = createHook({
    init: (_id, type) => {
      if (type === 'TCPCONNECTWRAP') connects++;
    },
  }).enable();
  jest.spyOn(dns, 'lookup').mockImplementation(((_host: string, _options: object, done: LookupDone) => {
    const [found = []] = answers.length > 1 ? [answers.shift()] : answers;
    setImmediate(done, null, found);
  }) as unknown as typeof dns.lookup); // of its many forms the connection uses this one
});

type LookupDone = (error: null, found: LookupAddress[]) => void;

afterEach(() => {
  hook.disable();
  jest.restoreAllMocks();
  server.close();
});

function opened(host: string, { endpoints = [] as string[], secure = false } = {}): StorageProvider {
  const { port } = server.address() as AddressInfo; // a listening TCP server has one
  const factory = new S3StorageFactory({ timeoutMs: 5_000, endpoints });
  const options = {
    endpoint_url: `${secure ? 'https' : 'http'}://store.example.com:${String(port)}`,
    access_key_id: 'a',
    secret_access_key: 's',
  };
  const url = parseStorageUrl('s3://bucket/');
  const connection = factory.parseConnection(url, new Map(Object.entries(options)), 'user');
  // As it is kept of a stage that an earlier version has made.
  const endpoint_url = options.endpoint_url.replace('store.example.com', host);
  return factory.open({ ...connection, options: { ...connection.options, endpoint_url } });
}

describe.each(OPERATIONS)('%s', (_name, act) => {
  it.each([false, true])('connects to no name that means a metadata service (TLS: %s)', async (secure) => {
    answers = [[METADATA]];
    await expect(act(opened('store.example.com', { secure }))).rejects.toMatchObject({
      kind: 'InvalidConfig',
      message: expect.stringMatching(
        /an address of store\.example\.com, 169\.254\.169\.254, is a link-local/,
      ) as string,
    });
    expect(connects).toBe(0);
  });

  it.each(['169.254.169.254', '[::ffff:a9fe:a9fe]', '[fd00:ec2::254]', '0.0.0.0'])(
    'connects to no literal address that is refused: %s',
    async (host) => {
      answers = [];
      await expect(act(opened(host))).rejects.toMatchObject({
        kind: 'InvalidConfig',
        message: expect.stringContaining('to which no stage may lead') as string,
      });
      expect([connects, jest.mocked(dns.lookup).mock.calls]).toEqual([0, []]);
    },
  );

  it('connects to nothing outside of STORAGE_ENDPOINTS', async () => {
    answers = [[{ address: '127.0.0.2', family: 4 }]];
    const endpoints = ['127.0.0.1/32', '10.0.0.0/8'];
    await expect(act(opened('store.example.com', { endpoints }))).rejects.toMatchObject({
      kind: 'InvalidConfig',
      message: expect.stringContaining('STORAGE_ENDPOINTS') as string,
    });
    expect(connects).toBe(0);
  });
});

it('a name that means this machine first and a metadata service then is served once', async () => {
  answers = [[HERE], [METADATA]];
  const provider = opened('store.example.com');
  await list(provider);
  expect([asked, connects]).toEqual([1, 1]);
  await expect(list(provider)).rejects.toMatchObject({ kind: 'InvalidConfig' });
  expect([asked, connects]).toEqual([1, 1]);
});

it('of several addresses of a name only those are used that may be', async () => {
  answers = [[METADATA, HERE, { address: 'fe80::1', family: 6 }]];
  await list(opened('store.example.com'));
  expect([asked, connects]).toEqual([1, 1]);
});

it('a redirect to a metadata service is not followed', async () => {
  answers = [[HERE]];
  server.removeAllListeners('request');
  server.on('request', (_request, response) => {
    asked++;
    response.writeHead(307, { location: 'http://169.254.169.254/latest/meta-data/', connection: 'close' });
    response.end();
  });
  await expect(list(opened('store.example.com'))).rejects.toMatchObject({ kind: 'InvalidConfig' });
  expect(connects).toBe(asked);
});
