import type { JsonSchema } from './json-schema.js';

/** A header of a request or an answer. */
interface Header {
  readonly name: string;
  readonly description: string;
  readonly schema: JsonSchema;
  readonly example?: string;
  /** True for a header that a request must have. */
  readonly isRequired?: boolean;
}

const text = { type: 'string' } as const;
const date = { ...text, description: 'A date of HTTP (RFC 9110 5.6.7).' } as const;
const digest = { ...text, pattern: '^[A-Za-z0-9+/]+={0,2}$' } as const;
const uuid = { ...text, format: 'uuid' } as const;

const amzChecksum = (algorithm: string): Header => ({
  name: `x-amz-checksum-${algorithm}`,
  description: `The ${algorithm} of the file, in base64. Another content is 400.`,
  schema: digest,
});

/** Headers that routes read, by the name of their component. */
export const REQUEST_HEADERS = {
  StageName: {
    name: 'x-databend-stage-name',
    description: 'The stage; `~` is the own one. The older name `stage_name` is read too.',
    schema: { ...text, minLength: 1 },
    example: 'landing',
    isRequired: true,
  },
  OlderStageName: {
    name: 'stage_name',
    description: 'The older name of `x-databend-stage-name`. Where both are sent, they must be equal.',
    schema: text,
  },
  RelativePath: {
    name: 'x-databend-relative-path',
    description: 'A directory for all files of the form.',
    schema: text,
    example: '2026/11',
  },
  OlderRelativePath: {
    name: 'relative_path',
    description: 'The older name of `x-databend-relative-path`. Where both are sent, they must be equal.',
    schema: text,
  },
  Overwrite: {
    name: 'x-stagedoor-overwrite',
    description: 'What becomes of a file that has the name already. Not together with a condition.',
    schema: { ...text, enum: ['overwrite', 'skip', 'fail', 'skip-if-same'], default: 'overwrite' },
  },
  IdempotencyKey: {
    name: 'idempotency-key',
    description:
      'Makes it safe to send the same request again: it is answered as the first time, and nothing is stored twice.',
    schema: { ...text, pattern: '^(?:"[ !#-~]{1,255}"|[!#-~]{1,255})$' },
    example: 'nightly-2026-11-30',
  },
  IfMatch: {
    name: 'if-match',
    description: 'Only if the file has one of these ETags; `*`: only if it is there. Else 412.',
    schema: text,
  },
  IfNoneMatch: {
    name: 'if-none-match',
    description:
      'Only if the file has none of these ETags; `*`: only if it is not there. Else 304 for a read, 412 for a change.',
    schema: text,
  },
  IfModifiedSince: {
    name: 'if-modified-since',
    description: 'Only if the file is newer. Else 304. A malformed date is ignored.',
    schema: date,
  },
  IfUnmodifiedSince: {
    name: 'if-unmodified-since',
    description: 'Only if the file is not newer. Else 412. A malformed date is ignored.',
    schema: date,
  },
  IfRange: {
    name: 'if-range',
    description: 'The range only if the file has this ETag or date; else the whole file.',
    schema: text,
  },
  Range: {
    name: 'range',
    description: 'One range of bytes. Several ranges and other units are ignored.',
    schema: text,
    example: 'bytes=0-3',
  },
  ContentMd5: {
    name: 'content-md5',
    description: 'The MD5 of the file, in base64. Another content is 400.',
    schema: digest,
  },
  ContentDigest: {
    name: 'content-digest',
    description: 'Digests by RFC 9530: `sha-256`, `sha-512`, `sha`, `md5`, `crc32c`. Another content is 400.',
    schema: text,
  },
  ReprDigest: { name: 'repr-digest', description: 'As `content-digest`.', schema: text },
  Digest: { name: 'digest', description: 'As `content-digest`, in the form of RFC 3230.', schema: text },
  AmzChecksumSha256: amzChecksum('sha256'),
  AmzChecksumSha1: amzChecksum('sha1'),
  AmzChecksumCrc32: amzChecksum('crc32'),
  AmzChecksumCrc32c: amzChecksum('crc32c'),
  QueryId: {
    name: 'x-databend-query-id',
    description:
      "The client's own id of the statement. Sent again with the same id, a statement that changes something runs once.",
    schema: { ...text, pattern: '^(?!\\.{1,2}$)[\\w.-]{0,100}$' },
  },
  SessionId: {
    name: 'x-databend-session-id',
    description: 'The session, as `login` has named it. It is repeated in answers.',
    schema: text,
  },
  Tenant: { name: 'x-databend-tenant', description: 'Repeated in the answer.', schema: text },
  Warehouse: { name: 'x-databend-warehouse', description: 'Repeated in the answer.', schema: text },
} as const satisfies Readonly<Record<string, Header>>;

export type RequestHeader = keyof typeof REQUEST_HEADERS;

/** Headers of answers, by the name of their component. */
export const ANSWER_HEADERS = {
  RequestId: {
    name: 'x-request-id',
    description: 'Stands in the log of the server too.',
    schema: text,
  },
  Version: {
    name: 'x-databend-version',
    description: "The version of Databend's protocol that is spoken.",
    schema: text,
  },
  ETag: {
    name: 'etag',
    description: 'Identifies this content of the file. Absent where the store has none.',
    schema: text,
  },
  LastModified: { name: 'last-modified', description: 'When the file was stored.', schema: date },
  AcceptRanges: {
    name: 'accept-ranges',
    description: 'Ranges of bytes can be asked for.',
    schema: { ...text, enum: ['bytes'] },
  },
  ContentRange: {
    name: 'content-range',
    description: 'Which bytes of the file these are; for 416, how many it has.',
    schema: text,
  },
  ContentDisposition: {
    name: 'content-disposition',
    description: 'The name of the file, under which browsers save it.',
    schema: text,
  },
  ContentLength: {
    name: 'content-length',
    description: 'The number of bytes.',
    schema: { ...text, pattern: '^\\d+$' },
  },
  CacheControl: { name: 'cache-control', description: 'Who may keep the answer.', schema: text },
  UploadId: {
    name: 'x-stagedoor-upload-id',
    description: 'The id of the upload, for `GET /v1/uploads/{id}`.',
    schema: uuid,
  },
  Location: { name: 'location', description: 'Where it is.', schema: text },
  RetryAfter: {
    name: 'retry-after',
    description: 'After how many seconds to send the request again.',
    schema: { ...text, pattern: '^\\d+$' },
  },
  WwwAuthenticate: {
    name: 'www-authenticate',
    description:
      'How to sign in: Basic, or Bearer where a token was refused. Absent where a script in a browser has asked.',
    schema: text,
  },
  Allow: { name: 'allow', description: 'The methods that work here.', schema: text },
  AnsweredQueryId: { name: 'x-databend-query-id', description: 'The id of the statement.', schema: text },
  QueryState: {
    name: 'x-databend-query-state',
    description: 'How the statement stands.',
    schema: { ...text, enum: ['Running', 'Succeeded', 'Failed'] },
  },
  QueryPageRows: {
    name: 'x-databend-query-page-rows',
    description: 'How many rows the page has.',
    schema: { ...text, pattern: '^\\d+$' },
  },
  AnsweredSessionId: {
    name: 'x-databend-session-id',
    description: 'The id of the new session.',
    schema: uuid,
  },
} as const satisfies Readonly<Record<string, Header>>;

export type AnswerHeader = keyof typeof ANSWER_HEADERS;

/** Headers of the digests that an upload can declare. */
export const DIGESTS = [
  'ContentMd5',
  'ContentDigest',
  'ReprDigest',
  'Digest',
  'AmzChecksumSha256',
  'AmzChecksumSha1',
  'AmzChecksumCrc32',
  'AmzChecksumCrc32c',
] as const satisfies readonly RequestHeader[];

/** The header objects of `components/headers`, and the parameters of `components/parameters`. */
export function headerParameters(): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(
    Object.entries<Header>(REQUEST_HEADERS).map(([id, { isRequired, ...header }]) => [
      `${id}Header`,
      { ...header, in: 'header', required: isRequired === true },
    ]),
  );
}

export function headerObjects(): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(
    Object.entries<Header>(ANSWER_HEADERS).map(([id, { description, schema }]) => [
      id,
      { description, schema },
    ]),
  );
}
