import { gzipSync } from 'node:zlib';
import { Client, type Headers } from '../support/client.js';
import { expectError } from '../support/expectations.js';
import { filePart, form } from '../support/form.js';
import { presigned } from '../support/presigned.js';
import type { RawAnswer } from '../support/raw-connection.js';
import { SqlClient } from '../support/sql-client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { partWith } from '../support/uploads.js';

// A reported case: a part or a request that says it is encoded.

let testApp: TestApp;
let client: Client;

beforeAll(async () => {
  testApp = await startTestApp();
  client = new Client(testApp);
});

afterAll(() => testApp.close());

afterEach(async () => {
  expect(await client.names('~')).toEqual([]);
});

const ENCODED = gzipSync('content');

type Way = (headers: Headers) => Promise<RawAnswer>;

async function putTo(url: string, headers: Headers): Promise<RawAnswer> {
  const length =
    headers['transfer-encoding'] === undefined ? { 'content-length': String(ENCODED.length) } : {};
  const chunked = Buffer.concat([
    Buffer.from(`${ENCODED.length.toString(16)}\r\n`),
    ENCODED,
    Buffer.from('\r\n0\r\n\r\n'),
  ]);
  const body = headers['transfer-encoding'] === undefined ? ENCODED : chunked;
  return client.request(`PUT ${url}`, { ...length, ...headers }, body);
}

const WAYS: readonly [string, Way][] = [
  ['a raw upload', (headers) => putTo('/v1/stages/~/files/f.csv', headers)],
  [
    'a presigned upload',
    async (headers) => {
      const { url } = await presigned(client, '~', { method: 'PUT', path: 'f.csv' });
      return putTo(new URL(url).pathname, headers);
    },
  ],
  [
    'an upload that SQL has presigned',
    async (headers) => {
      const { data } = await new SqlClient(client).run('PRESIGN UPLOAD @~/f.csv');
      return putTo(new URL(String(data[0]?.[2])).pathname, headers);
    },
  ],
  [
    'a form',
    async (headers) => {
      const body = gzipSync(form(filePart('f.csv')));
      if (headers['transfer-encoding'] === undefined) return client.upload(body, headers);
      const connection = await client.startUpload(headers);
      await connection.write(`${body.length.toString(16)}\r\n`);
      await connection.write(body);
      await connection.write('\r\n0\r\n\r\n');
      const answer = await connection.expectAnswer();
      connection.leave();
      return answer;
    },
  ],
];

describe.each(WAYS)('%s', (_way, send) => {
  it.each<[string, Headers]>([
    ['Content-Encoding: gzip', { 'content-encoding': 'gzip' }],
    ['Content-Encoding: identity, br', { 'content-encoding': 'identity, br' }],
    ['Content-Encoding: aws-chunked', { 'content-encoding': 'aws-chunked' }],
    ['Content-Transfer-Encoding: base64', { 'content-transfer-encoding': 'base64' }],
    ['Transfer-Encoding: gzip', { 'transfer-encoding': 'gzip, chunked' }],
    ['Transfer-Encoding: gzip', { 'transfer-encoding': 'gzip' }],
    ['x-amz-content-sha256: STREAMING', { 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' }],
    ['x-amz-decoded-content-length', { 'x-amz-decoded-content-length': '7' }],
  ])('under %s is refused by that name', async (name, headers) => {
    const message = new RegExp(`without ${name}`);
    await expectError(await send(headers), { status: 415, kind: 'EncodedBody', message });
  });
});

describe('a form part', () => {
  it.each<[string, string]>([
    ['Content-Transfer-Encoding', 'base64'],
    ['Content-Transfer-Encoding', 'Quoted-Printable'],
    ['Content-Transfer-Encoding', 'x-uuencode'],
    ['content-transfer-encoding', '\tbase64 '],
    ['Content-Encoding', 'gzip'],
    ['Content-Encoding', 'identity, gzip'],
    ['Transfer-Encoding', 'gzip'],
  ])('under %s: %s is refused by that name', async (header, value) => {
    const answer = await client.upload(form(partWith('f.csv', 'Y29udGVudA==', { [header]: value })));
    const message = new RegExp(`without ${header}: ${value.trim()}`, 'i');
    await expectError(answer, { status: 415, kind: 'EncodedBody', message });
  });

  it('with a Content-Range is refused', async () => {
    const answer = await client.upload(form(partWith('f.csv', 'x', { 'Content-Range': 'bytes 0-0/9' })));
    await expectError(answer, { status: 400, kind: 'PartialBody', message: /whole file/ });
  });
});

it('a form with a Content-Range is refused', async () => {
  const answer = await client.upload(form(filePart('f.csv')), { 'content-range': 'bytes 0-0/9' });
  await expectError(answer, { status: 400, kind: 'PartialBody', message: /whole file/ });
  expect(await client.names('~')).toEqual([]);
});

it('JSON under a Transfer-Encoding is refused by that name', async () => {
  const headers = { 'content-type': 'application/json', 'transfer-encoding': 'gzip, chunked' };
  const answer = await client.request('POST /v1/stages', headers, '2\r\n{}\r\n0\r\n\r\n');
  await expectError(answer, { status: 415, message: /without Transfer-Encoding: gzip/ });
});
