import { json, type Operation, type Routes } from '../document/description.js';
import { OF_REPEATING, OF_UPLOADING } from '../document/error-groups.js';
import type { RequestHeader } from '../document/headers.js';
import type { JsonSchema } from '../document/json-schema.js';
import { FORM_UPLOAD, FORM_UPLOAD_RESULTS, UPLOAD, UPLOADS } from '../schemas/upload.js';

const HEADERS: readonly RequestHeader[] = [
  'StageName',
  'OlderStageName',
  'RelativePath',
  'OlderRelativePath',
  'Overwrite',
  'IdempotencyKey',
];

const file = { type: 'string', contentMediaType: 'application/octet-stream' };
const ofPart = (description: string): JsonSchema => ({ description, schema: { type: 'string' } });

/** Names of fields are not read: every part with a file name is a file. */
const FORM: JsonSchema = {
  schema: {
    type: 'object',
    description: 'Every part is a file, whatever the name of its field. A part must have a file name.',
    properties: { upload: { type: 'array', minItems: 1, items: file } },
    required: ['upload'],
    additionalProperties: { type: 'array', items: file },
  },
  encoding: {
    upload: {
      contentType: '*/*',
      headers: {
        'content-md5': ofPart('The MD5 of the file, in base64. Another content is 400.'),
        'content-digest': ofPart('Digests of the file by RFC 9530.'),
        'content-length': ofPart('The number of its bytes. Another number is 400.'),
      },
    },
  },
};

const FORM_UPLOAD_OPERATION: Omit<Operation, 'id' | 'summary'> = {
  headers: HEADERS,
  content: { 'multipart/form-data': FORM },
  answerHeaders: ['UploadId'],
  answers: {
    200: {
      description: 'The files are stored. `results` is there where `Accept` asks for it.',
      content: {
        'application/json': FORM_UPLOAD,
        'application/vnd.stagedoor.upload+json': FORM_UPLOAD_RESULTS,
      },
    },
  },
  fails: [
    ...OF_UPLOADING,
    ...OF_REPEATING,
    'PreconditionFailed',
    'UnknownStage',
    'MissingStageHeader',
    'NotMultipart',
    'NoBoundary',
    'NoFile',
    'NotAFile',
    'BrokenForm',
    'TooManyFiles',
    'RepeatedFile',
    'LengthMismatch',
  ],
};

export const UPLOAD_ROUTES: Routes = {
  tag: 'Uploads',
  description: "Databend's File Upload API, and what became of uploads.",
  operations: {
    'PUT /v1/upload_to_stage': {
      id: 'uploadForm',
      summary: 'Uploads the files of a form.',
      ...FORM_UPLOAD_OPERATION,
    },
    'POST /v1/upload_to_stage': {
      id: 'uploadFormByPost',
      summary: "Uploads the files of a form, by the method of Databend's documents.",
      ...FORM_UPLOAD_OPERATION,
    },
    'GET /v1/uploads': {
      id: 'listUploads',
      summary: "Lists the caller's uploads, the latest first.",
      query: {
        all: '`true`: those of everybody, for who may monitor the service.',
        state: 'Only those in this state.',
        idempotency_key: 'Only the one with this `Idempotency-Key`.',
        cursor: '`next_cursor` of the page before.',
        limit: {
          description: 'The most uploads of a page.',
          type: 'integer',
          minimum: 1,
          maximum: 1000,
          default: 100,
        },
      },
      answers: { 200: json('A page.', UPLOADS) },
      fails: ['InvalidCursor'],
    },
    'GET /v1/uploads/{id}': {
      id: 'getUpload',
      summary: 'Says what became of an upload.',
      answers: { 200: json('The upload.', UPLOAD) },
      fails: ['UnknownUpload'],
    },
  },
};
