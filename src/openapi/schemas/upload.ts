import { z } from 'zod';
import type { FormUploadAnswer, FormUploadResults } from '../../upload/form/form-answer.js';
import type { UploadPageView, UploadStatusView } from '../../upload/upload-status.dto.js';
import { NULLABLE_TIME, TIME } from './time.js';

const ID = z.string().meta({ format: 'uuid', description: 'For `GET /v1/uploads/{id}`.' });

export const FORM_UPLOAD = z
  .looseObject({
    id: ID,
    stage_name: z.string(),
    state: z.literal('SUCCESS'),
    files: z.array(z.string()).meta({ description: 'Names of the files, as the form has them.' }),
  })
  .meta({
    id: 'FormUpload',
    description: "Databend's answer to an upload. The files are whole and durable.",
    examples: [
      {
        id: '0193a1a4-7f0e-7c3a-a111-6f3c1d2b4a5e',
        stage_name: 'landing',
        state: 'SUCCESS',
        files: ['rows.csv'],
      },
    ],
  }) satisfies z.ZodType<FormUploadAnswer>;

const UPLOADED_FILE = z
  .looseObject({
    name: z.string().meta({ description: 'As it was sent.' }),
    path: z.string().meta({ description: 'The path of the file in its stage.' }),
    size: z.int().min(0).meta({ description: 'Bytes.' }),
    md5: z.string().nullable(),
    etag: z.string().nullable().meta({ description: 'As a download gives it.' }),
    outcome: z
      .enum(['stored', 'skipped'])
      .meta({ description: '`skipped`: a file of the name was there, and was not changed.' }),
  })
  .meta({ id: 'UploadedFile' });

const FAILURE = z
  .looseObject({ code: z.int(), kind: z.string(), message: z.string() })
  .meta({ id: 'UploadFailure', description: 'Why it has failed, as its answer said.' });

export const FORM_UPLOAD_RESULTS = z
  .looseObject({
    ...FORM_UPLOAD.shape,
    results: z.array(UPLOADED_FILE).meta({ description: 'In the order of `files`.' }),
  })
  .meta({ id: 'FormUploadResults' }) satisfies z.ZodType<FormUploadResults>;

const SUMMARY = {
  id: ID,
  stage_name: z.string(),
  user: z.string(),
  state: z.enum(['RUNNING', 'SUCCESS', 'FAILED']),
  started_at: TIME,
  ended_at: NULLABLE_TIME,
  received_bytes: z
    .int()
    .min(0)
    .meta({ description: "Of the request's body; of a running upload, as of about two seconds ago." }),
  expected_bytes: z.int().nullable().meta({ description: 'Its `Content-Length`; null without one.' }),
  error: FAILURE.nullable(),
};

export const UPLOADS = z
  .looseObject({
    uploads: z.array(z.looseObject(SUMMARY).meta({ id: 'UploadSummary' })),
    next_cursor: z.string().nullable(),
  })
  .meta({
    id: 'Uploads',
    description: 'A page of uploads, the latest first.',
  }) satisfies z.ZodType<UploadPageView>;

export const UPLOAD = z.looseObject({ ...SUMMARY, files: z.array(UPLOADED_FILE) }).meta({
  id: 'Upload',
  description: 'What became of an upload.',
  examples: [
    {
      id: '0193a1a4-7f0e-7c3a-a111-6f3c1d2b4a5e',
      stage_name: 'landing',
      user: 'root',
      state: 'SUCCESS',
      started_at: '2026-11-30T18:00:00.000Z',
      ended_at: '2026-11-30T18:00:01.000Z',
      received_bytes: 12,
      expected_bytes: 12,
      files: [{ name: 'rows.csv', path: 'rows.csv', size: 12, md5: null, etag: null, outcome: 'stored' }],
      error: null,
    },
  ],
}) satisfies z.ZodType<UploadStatusView>;
