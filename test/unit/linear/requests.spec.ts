import { randomBytes } from 'node:crypto';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Request } from 'express';
import { basicCredentials } from '../../../src/auth/basic-credentials.js';
import { bearerToken } from '../../../src/auth/bearer-token.js';
import { isForwarded } from '../../../src/http/request/forwarding.js';
import { headerParameters } from '../../../src/http/request/header-parameters.js';
import { jsonBody } from '../../../src/http/request/json-body.js';
import { isSameMediaType } from '../../../src/http/request/media-type.js';
import { SchemaPipe } from '../../../src/http/request/schema.pipe.js';
import { trimBlanks } from '../../../src/common/trim-blanks.js';
import { withoutToken } from '../../../src/http/server/hidden-token.js';
import { loggedLine } from '../../../src/http/server/log-line.js';
import { requireClearRequest } from '../../../src/http/server/require-clear-request.js';
import { masterKeys } from '../../../src/keys/master-keys.js';
import { TokenSigner } from '../../../src/keys/token-signer.js';
import { requestBaseUrl } from '../../../src/presigned/request-base-url.js';
import { fileFormatFrom } from '../../../src/stages/file-formats/file-format.js';
import { fileConditions } from '../../../src/stages/files/conditions/file-conditions.js';
import { requestedRange } from '../../../src/stages/files/download-headers.js';
import { spellFileNames } from '../../../src/stages/files/file-path-bytes.js';
import { FilePattern } from '../../../src/stages/files/file-pattern.js';
import { LIST_FILES, pageQueryFrom } from '../../../src/stages/files/file-query.dto.js';
import { ListCursors } from '../../../src/stages/list-cursors.js';
import { stageFileKey, stagePrefix } from '../../../src/stages/files/stage-path.js';
import { misspelling } from '../../../src/stages/catalog/stage-name.js';
import { parseStorageUrl } from '../../../src/storage/contract/storage-url.js';
import { FormScanner } from '../../../src/upload/form/form-scanner.js';
import { formBoundary } from '../../../src/upload/form/form-boundary.js';
import { PartHeaders } from '../../../src/upload/form/part-headers.js';
import { declaredContent } from '../../../src/upload/headers/declared-content.js';
import { idempotencyKey } from '../../../src/upload/headers/idempotency-key.js';
import { uploadTarget } from '../../../src/upload/headers/upload-target.js';
import { expectLinear, rowOf, type Input } from './linear.js';

/** All headers of a request, and its target, have 16 KiB at most; so much is left for one of them. */
const HEADER_LENGTH = 15 * 1024;
const BODY_LENGTH = 1024 * 1024;

const keys = masterKeys([randomBytes(32)]);
const signer = new TokenSigner(keys, 'test');
const cursors = new ListCursors(keys);

/** A request with that value in one header, for whom proxies are believed. */
function requestOf(header: string, value: string, url = '/'): Request {
  const request = new IncomingMessage(new Socket());
  Object.assign(request, {
    url,
    httpVersion: '1.1',
    rawHeaders: ['Host', 'a', header, value],
    app: { get: () => () => true },
  });
  request.headers = { host: 'a', [header]: value };
  request.headersDistinct = { host: ['a'], [header]: [value] };
  return request as Request; // what the scanners read of it is there
}

const ignored = (): void => undefined;

/** What a header's value could be made of, to be read more than once. */
const VALUES: readonly (readonly [string, Input])[] = [
  ['blanks', rowOf(' \t', 'a', 'b')],
  ['semicolons', rowOf(';')],
  ['commas', rowOf(', ')],
  ['quotes', rowOf('"')],
  ['open quotations', rowOf(';a="')],
  ['backslashes', rowOf('\\', 'a="')],
  ['parameters', rowOf(';a=b', 'multipart/form-data')],
  ['quoted parameters', rowOf('; a="\\""', 'form-data')],
  ['entity tags', rowOf('"a", ')],
  ['weak tags', rowOf('W/"')],
  ['digests', rowOf('md5=:AAAA:, ')],
  ['colons', rowOf(':')],
  ['ranges', rowOf('0-1,', 'bytes=')],
  ['digits', rowOf('0', 'bytes=')],
  ['dates', rowOf('Sun, ')],
  ['addresses', rowOf('::1, ')],
  ['forwarded pairs', rowOf('for=a;host=')],
  ['equal signs', rowOf('a=')],
  ['slashes', rowOf('/')],
  ['directories', rowOf('/a')],
  ['dots', rowOf('../')],
  ['per cent', rowOf('%')],
  ['escapes', rowOf('%ff')],
  ['tokens', rowOf('eyJ')],
  ['halves of tokens', rowOf('eyJaaaaaaaaaaaaaaaaaaaa.')],
  ['Basic', rowOf('A', 'Basic ', ' x')],
  ['Bearer', rowOf('a ', 'Bearer ')],
  ['schemes', rowOf('://')],
  ['letters', rowOf('a')],
  ['letters beyond ASCII', rowOf('é')],
];

const READERS: readonly (readonly [string, (value: string) => unknown])[] = [
  ['Basic credentials', (value) => basicCredentials(requestOf('authorization', value))],
  ['bearer tokens', (value) => bearerToken(requestOf('authorization', value))],
  ['signed tokens and cursors of pages', (value) => signer.verify(value)],
  ['cursors of listings', (value) => cursors.read({ reader: [], place: [], selection: [] }, value)],
  ['header parameters', (value) => headerParameters(value, 0)],
  ['media types', (value) => isSameMediaType(value, value)],
  ['blanks at the ends', trimBlanks],
  ['boundaries of forms', formBoundary],
  ['part headers', (value) => new PartHeaders(Buffer.from(`content-disposition:${value}`)).problem],
  ['values of part headers', (value) => new PartHeaders(Buffer.from(`a:${value}`)).get('a')],
  [
    'stage and directory of an upload',
    (value) =>
      uploadTarget({ stage_name: ['s'], 'x-databend-relative-path': [value], relative_path: [value] }),
  ],
  ['digests', (value) => declaredContent(['content-digest', 'content-md5'], () => [value])],
  ['idempotency keys', (value) => idempotencyKey({ 'idempotency-key': value })],
  ['conditions', (value) => fileConditions({ 'if-match': value })],
  ['dates', (value) => fileConditions({ 'if-modified-since': value })],
  ['ranges', (value) => requestedRange(requestOf('range', value))],
  ['Forwarded', (value) => requestBaseUrl(requestOf('forwarded', value), null)],
  ['X-Forwarded-Host', (value) => requestBaseUrl(requestOf('x-forwarded-host', value), null)],
  ['X-Forwarded-Prefix', (value) => requestBaseUrl(requestOf('x-forwarded-prefix', value), null)],
  ['names of forwarding headers', (value) => isForwarded(requestOf(value, 'x'))],
  [
    'Host',
    (value) => {
      requireClearRequest(requestOf('host', value), { setHeader: ignored } as never, ignored);
    },
  ],
  [
    'targets',
    (value) => {
      requireClearRequest(requestOf('x', 'x', `http://a/${value}`), { setHeader: ignored } as never, ignored);
    },
  ],
  [
    'paths of files',
    (value) => {
      spellFileNames(requestOf('x', 'x', `/v1/stages/s/files/${value}`), undefined as never, ignored);
    },
  ],
  [
    'queries of listings',
    (value) => {
      spellFileNames(requestOf('x', 'x', `/v1/stages/s/files?prefix=${value}`), undefined as never, ignored);
    },
  ],
  [
    'parameters of listings',
    (value) => {
      const query = { prefix: value, pattern: value, cursor: value, limit: value };
      return pageQueryFrom(new SchemaPipe(LIST_FILES).transform(query));
    },
  ],
  ['names of files', (value) => stageFileKey(value, value)],
  ['prefixes', (value) => stagePrefix(value, { spelling: 'utf8' } as never)],
  ['names of stages', misspelling],
  ['URLs of stages', parseStorageUrl],
  ['tokens in the log', withoutToken],
  ['lines of the log', (value) => loggedLine(`${JSON.stringify({ msg: value })}\n`)],
];

describe.each(READERS)('%s are read in time that grows with their length', (_title, scan) => {
  it.each(VALUES)('%s', async (_what, input) => {
    await expectLinear({ input, scan, length: HEADER_LENGTH });
  });
});

describe('JSON of a megabyte is read in time that grows with its length', () => {
  it.each([
    ['brackets', rowOf('[')],
    ['objects', rowOf('{"a":')],
    ['quotes', rowOf('"')],
    ['backslashes', rowOf('\\', '"')],
    ['numbers', rowOf('1,', '[', '1]')],
    ['a number', rowOf('1')],
    ['keys', rowOf('"a":1,', '{', '"b":1}')],
    ['blanks', rowOf(' ')],
    ['escapes', rowOf('\\ud83d', '"', '"')],
  ])('%s', async (_what, input) => {
    const scan = async (text: string): Promise<unknown> => {
      const request = requestOf('content-type', 'application/json');
      request.headers['content-length'] = String(Buffer.byteLength(text));
      Object.assign(request, { app: { get: () => 60_000 } });
      request.push(text);
      request.push(null);
      return jsonBody(request).catch(ignored);
    };
    await expectLinear({ input, scan, length: BODY_LENGTH - 16 });
  });
});

describe('a form of a megabyte is scanned in time that grows with its length', () => {
  const boundary = 'x'.repeat(60);
  it.each([
    ['beginnings of boundaries', rowOf(`\r\n--${'x'.repeat(59)}`)],
    ['line ends', rowOf('\r\n')],
    ['dashes', rowOf('-')],
    ['letters of the boundary', rowOf('x')],
    ['blanks behind a boundary', rowOf(' ', `--${boundary}`)],
    ['carriage returns behind a boundary', rowOf('\r', `--${boundary}`)],
    ['dashes behind a boundary', rowOf('-', `--${boundary}`)],
    ['blanks behind the last boundary', rowOf(' ', `--${boundary}--`)],
    ['headers that end late', rowOf('a: b\r\n', `--${boundary}\r\n`, '\r\n')],
    ['headers without end', rowOf('a: b\r\n', `--${boundary}\r\n`)],
    ['parts', rowOf(`--${boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n`)],
  ])('%s', async (_what, input) => {
    for (const chunkLength of [64 * 1024, 1000]) {
      const bytesOf = (length: number): Buffer => Buffer.from(input(length), 'latin1');
      const scan = (bytes: Buffer): void => {
        const scanner = new FormScanner(boundary);
        for (let at = 0; at < bytes.length; at += chunkLength)
          scanner.push(bytes.subarray(at, at + chunkLength));
      };
      await expectLinear({ input: bytesOf, scan, length: BODY_LENGTH });
    }
  });
});

describe('options of file formats are read in time that grows with their length', () => {
  it.each([
    ['letters', rowOf('a')],
    ['escapes', rowOf('\\x')],
    ['brackets', rowOf("('")],
    ['quotes', rowOf("'")],
  ])('%s', async (_what, input) => {
    const scan = (value: string): unknown =>
      fileFormatFrom(
        new Map([
          ['type', 'CSV'],
          ['null_display', value],
          ['field_delimiter', value],
        ]),
      );
    await expectLinear({ input, scan, length: BODY_LENGTH });
  });
});

describe('a pattern for files is matched in time that grows with the name', () => {
  it.each(['.*a.*b', '(a*)*b', '(.*)(.*)(.*)c'])('%s', async (source) => {
    const pattern = new FilePattern(source);
    await expectLinear({ input: rowOf('a'), scan: (name) => pattern.matches(name), length: 1024 });
  });
});
