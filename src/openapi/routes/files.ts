import { empty, json, type Answer, type Operation, type Routes } from '../document/description.js';
import { OF_A_FILE, OF_PRESIGNED, OF_REPEATING, OF_STORES, OF_UPLOADING } from '../document/error-groups.js';
import { DIGESTS, type AnswerHeader, type RequestHeader } from '../document/headers.js';
import type { JsonSchema } from '../document/json-schema.js';
import { FILE, FILES, FILE_TOTALS, PRESIGNED_URL, REMOVED } from '../schemas/file.js';

const OF_FILE: readonly AnswerHeader[] = [
  'ETag',
  'LastModified',
  'AcceptRanges',
  'ContentDisposition',
  'CacheControl',
];
const CONDITIONS: readonly RequestHeader[] = [
  'IfMatch',
  'IfNoneMatch',
  'IfModifiedSince',
  'IfUnmodifiedSince',
];
const CHANGE_CONDITIONS: readonly RequestHeader[] = ['IfMatch', 'IfNoneMatch', 'IfUnmodifiedSince'];
const RAW_HEADERS: readonly RequestHeader[] = [...CHANGE_CONDITIONS, 'Overwrite', ...DIGESTS];

/** The type that the upload has declared. */
const ANY_TYPE = { '*/*': {} };
const BYTES: Readonly<Record<string, JsonSchema>> = { 'application/octet-stream': {} };

const NOT_MODIFIED = empty('The client has this version already.', OF_FILE);
const DOWNLOADED: Readonly<Record<number, Answer>> = {
  200: { description: 'The file.', headers: [...OF_FILE, 'ContentLength'], content: ANY_TYPE },
  206: {
    description: 'The range.',
    headers: [...OF_FILE, 'ContentLength', 'ContentRange'],
    content: ANY_TYPE,
  },
  304: NOT_MODIFIED,
};
const LOOKED_AT: Readonly<Record<number, Answer>> = {
  200: empty('The file is there.', [...OF_FILE, 'ContentLength']),
  304: NOT_MODIFIED,
};
const OF_RAW = [
  ...OF_UPLOADING,
  'UnknownStage',
  'FormInsteadOfFile',
  'NoBody',
  'PreconditionFailed',
] as const;

const COPY: Omit<Operation, 'id' | 'summary' | 'body'> = {
  headers: [...CHANGE_CONDITIONS, 'IdempotencyKey'],
  answerHeaders: ['UploadId'],
  answers: {
    200: json('A file of the name was replaced.', FILE, ['ETag']),
    201: json('The new file.', FILE, ['ETag']),
  },
  fails: [
    ...OF_UPLOADING,
    ...OF_REPEATING,
    'UnknownStage',
    'FileNotFound',
    'PreconditionFailed',
    'RemovalIncomplete',
  ],
};
const COPY_FIELDS = {
  from: 'The exact name of the file, as a listing shows it.',
  to: 'The new name.',
  from_stage: 'The stage of the file; that of the URL without it.',
  from_etag: 'The version that is meant; another one is 412.',
};

const PREFIX = 'With which names begin, taken literally.';
const PATTERN = 'A regular expression that must match all of what follows the prefix.';

export const FILE_ROUTES: Routes = {
  tag: 'Files',
  description: 'The files of a stage.',
  operations: {
    'GET /v1/stages/{name}/files': {
      id: 'listFiles',
      summary: 'Lists files, in pages.',
      query: {
        prefix: PREFIX,
        pattern: PATTERN,
        limit: {
          description: 'The most files of a page.',
          type: 'integer',
          minimum: 1,
          maximum: 1_000_000,
          default: 1000,
        },
        cursor: '`next_cursor` of the page before, with the same `prefix`, `pattern` and `delimiter`.',
        delimiter: '`/`: folders are listed as `prefixes`, without what is in them. Not with `pattern`.',
      },
      answers: {
        200: {
          description: 'A page; as lines of JSON where `Accept` says `application/x-ndjson`.',
          content: { 'application/json': FILES, 'application/x-ndjson': { type: 'string' } },
        },
      },
      fails: [
        ...OF_STORES,
        'UnknownStage',
        'InvalidPattern',
        'InvalidCursor',
        'InvalidFileName',
        'NotAcceptable',
      ],
    },
    'DELETE /v1/stages/{name}/files': {
      id: 'removeFiles',
      summary: 'Removes files by prefix or pattern.',
      description: 'It needs one of the two, and takes no conditions. An empty prefix means every file.',
      query: { prefix: PREFIX, pattern: PATTERN },
      answers: { 200: json('How many were removed.', REMOVED) },
      fails: [
        ...OF_STORES,
        'UnknownStage',
        'InvalidPattern',
        'InvalidFileName',
        'MalformedHeader',
        'RemovalIncomplete',
      ],
    },
    'PUT /v1/stages/{name}/files': {
      id: 'uploadWithoutName',
      summary: 'Is always 400: the URL must name the file.',
      headers: [...RAW_HEADERS, 'IdempotencyKey'],
      answerHeaders: ['UploadId'],
      content: BYTES,
      answers: {},
      fails: [...OF_RAW, ...OF_REPEATING],
    },
    'HEAD /v1/stages/{name}/files/{path}': {
      id: 'getFileHeaders',
      summary: 'Gives the headers of a download.',
      headers: CONDITIONS,
      answers: LOOKED_AT,
      fails: OF_A_FILE,
    },
    'GET /v1/stages/{name}/files/{path}': {
      id: 'downloadFile',
      summary: 'Downloads a file, or a range of it.',
      headers: [...CONDITIONS, 'Range', 'IfRange'],
      answers: DOWNLOADED,
      fails: [...OF_A_FILE, 'RangeNotSatisfiable'],
    },
    'PUT /v1/stages/{name}/files/{path}': {
      id: 'uploadFile',
      summary: 'Uploads a file as the body of the request.',
      description:
        'The `Content-Type` is kept for downloads. Digests are compared before the file is visible.',
      headers: [...RAW_HEADERS, 'IdempotencyKey'],
      answerHeaders: ['UploadId'],
      content: BYTES,
      answers: {
        200: json('A file of the name was replaced, or kept.', FILE, ['ETag']),
        201: json('The new file.', FILE, ['ETag']),
      },
      fails: [...OF_RAW, ...OF_REPEATING],
    },
    'DELETE /v1/stages/{name}/files/{path}': {
      id: 'removeFile',
      summary: 'Removes a file.',
      headers: CHANGE_CONDITIONS,
      answers: { 200: json('The file is gone.', REMOVED) },
      fails: OF_A_FILE,
    },
    'GET /v1/stages/{name}/totals': {
      id: 'countFiles',
      summary: 'Gives the number and the size of files.',
      description:
        'It counts what the service has recorded: not what others have put there, and still what they have removed. `fresh=true` asks the store.',
      query: { prefix: PREFIX, fresh: '`true`: lists the files and counts them anew.' },
      answers: { 200: json('The totals.', FILE_TOTALS) },
      fails: [...OF_STORES, 'UnknownStage', 'InvalidFileName'],
    },
    'GET /v1/stages/{name}/zip': {
      id: 'downloadZip',
      summary: 'Downloads files as one ZIP archive.',
      description:
        'It is made while it is sent. Where a file cannot be read, the connection is closed, and the archive lacks its end. Names that would leave the folder, or fold into one, are changed; `_notes.csv` in the archive lists them.',
      query: { prefix: PREFIX, pattern: PATTERN },
      answers: {
        200: {
          description: 'The archive.',
          headers: ['ContentDisposition', 'CacheControl'],
          content: { 'application/zip': {} },
        },
      },
      fails: [...OF_STORES, 'UnknownStage', 'InvalidPattern', 'InvalidFileName', 'FileNotFound'],
    },
    'POST /v1/stages/{name}/copy': {
      id: 'copyFile',
      summary: 'Copies a file into this stage, from the same or another one.',
      description: 'Conditions speak of the new name.',
      body: { id: 'FileCopy', fields: COPY_FIELDS, examples: [{ from: 'rows.csv', to: 'copies/rows.csv' }] },
      ...COPY,
    },
    'POST /v1/stages/{name}/move': {
      id: 'moveFile',
      summary: 'Moves a file into this stage, from the same or another one.',
      description:
        'The file is in one place or in both, and never in none. Conditions speak of the new name.',
      body: { id: 'FileMove', fields: COPY_FIELDS, examples: [{ from: 'rows.csv', to: 'moved/rows.csv' }] },
      ...COPY,
    },
  },
};

export const PRESIGNED_ROUTES: Routes = {
  tag: 'Presigned URLs',
  description: 'URLs that let somebody upload or download one file without credentials.',
  operations: {
    'POST /v1/stages/{name}/presign': {
      id: 'presign',
      summary: 'Makes a presigned URL.',
      description: 'The file need not exist.',
      body: {
        id: 'PresignRequest',
        fields: {
          method: {
            description: '`GET` allows `HEAD` too.',
            type: 'string',
            enum: ['GET', 'PUT'],
          },
          path: 'The path of the file in the stage.',
          expires_in_seconds: {
            description: 'For how long the URL is good; 3,600 without it.',
            anyOf: [{ type: 'integer', minimum: 1, maximum: 604_800 }, { type: 'null' }],
          },
          content_type: 'For `PUT` alone: the upload must declare exactly this.',
          max_bytes: 'For `PUT` alone: a larger file is 413.',
        },
        examples: [
          { method: 'GET', path: 'rows.csv' },
          {
            method: 'PUT',
            path: 'new.csv',
            expires_in_seconds: 600,
            content_type: 'text/csv',
            max_bytes: 1000,
          },
        ],
      },
      answers: { 200: json('The URL.', PRESIGNED_URL, ['CacheControl']) },
      fails: [
        ...OF_STORES,
        'UnknownStage',
        'InvalidFileName',
        'NameConflict',
        'InvalidExpiry',
        'InvalidContentType',
        'InvalidMaxBytes',
      ],
    },
    'HEAD /v1/presigned/{token}': {
      id: 'getPresignedHeaders',
      summary: 'Gives the headers of a download by a presigned URL for `GET`.',
      headers: CONDITIONS,
      answerHeaders: ['CacheControl'],
      answers: LOOKED_AT,
      fails: [...OF_PRESIGNED, ...OF_A_FILE],
    },
    'GET /v1/presigned/{token}': {
      id: 'downloadPresigned',
      summary: 'Downloads by a presigned URL.',
      headers: [...CONDITIONS, 'Range', 'IfRange'],
      answerHeaders: ['CacheControl'],
      answers: DOWNLOADED,
      fails: [...OF_PRESIGNED, ...OF_A_FILE, 'RangeNotSatisfiable'],
    },
    'PUT /v1/presigned/{token}': {
      id: 'uploadPresigned',
      summary: 'Uploads by a presigned URL.',
      description: 'The request must have the headers that came with the URL. It takes no `Idempotency-Key`.',
      headers: RAW_HEADERS,
      content: BYTES,
      answerHeaders: ['UploadId', 'CacheControl'],
      answers: { 200: json('The file.', FILE, ['ETag']) },
      fails: [...OF_PRESIGNED, ...OF_RAW, 'WrongContentType', 'IdempotencyKeyRefused'],
    },
  },
};
