import { z } from 'zod';
import type { PresignedUrlView } from '../../presigned/stage-presign.controller.js';
import type { TotalsView } from '../../stages/totals/totals.controller.js';
import type { StageFileRow } from '../../stages/files/stage-file-row.js';

const EXAMPLE = {
  name: 'rows.csv',
  size: 12,
  md5: 'ec1f25e6a8e4fbb6a0a8c2c8a6ed3f0b',
  last_modified: '2026-11-25 19:21:23.281 +0000',
  creator: "'root'@'%'",
};

export const FILE = z
  .looseObject({
    name: z.string().meta({ description: 'The path of the file in its stage.' }),
    size: z.int().min(0).meta({ description: 'Bytes.' }),
    md5: z.string().nullable().meta({
      description:
        'In hex, where this service stored the file. Else on S3 the ETag with its quotes, as Databend shows it; null where the store has no digest.',
    }),
    last_modified: z
      .string()
      .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \+0000$/)
      .meta({ description: "In Databend's form, in UTC." }),
    creator: z
      .string()
      .nullable()
      .meta({ description: 'Who has uploaded it, where this service stored it.' }),
  })
  .meta({
    id: 'File',
    description: 'A file of a stage.',
    examples: [EXAMPLE],
  }) satisfies z.ZodType<StageFileRow>;

export const FILES = z
  .looseObject({
    files: z.array(FILE).meta({ description: 'In the order of the bytes of their names.' }),
    prefixes: z.array(z.string()).optional().meta({ description: 'Folders, where a `delimiter` was given.' }),
    next_cursor: z
      .string()
      .nullable()
      .meta({ description: '`cursor` for the next page; null on the last one.' }),
    unlisted: z.array(z.string()).optional().meta({ description: 'Directories that cannot be read.' }),
  })
  .meta({
    id: 'Files',
    description: 'A page of files.',
    examples: [{ files: [EXAMPLE], next_cursor: null }],
  });

export const REMOVED = z
  .looseObject({ removed: z.int().min(0).meta({ description: 'How many files were removed.' }) })
  .meta({ id: 'Removed', examples: [{ removed: 1 }] });

export const FILE_TOTALS = z
  .looseObject({
    files: z.int().min(0).meta({ description: 'How many files there are.' }),
    bytes: z.int().min(0).meta({ description: 'How long they are together.' }),
    as_of: z.string().meta({ format: 'date-time', description: 'When the count began. ISO 8601 in UTC.' }),
    fresh: z
      .boolean()
      .meta({ description: 'Was the store asked? Else these are the files that the service has recorded.' }),
  })
  .meta({
    id: 'FileTotals',
    examples: [{ files: 2, bytes: 2180, as_of: '2026-12-01T02:00:00.000Z', fresh: false }],
  }) satisfies z.ZodType<TotalsView>;

export const PRESIGNED_URL = z
  .looseObject({
    method: z.enum(['GET', 'PUT']),
    url: z
      .string()
      .meta({ format: 'uri', description: 'Whoever has it may use it. It needs no credentials.' }),
    headers: z.record(z.string(), z.string()).meta({ description: 'Headers that the request must have.' }),
    expires_at: z.string().meta({ format: 'date-time', description: 'ISO 8601 in UTC.' }),
  })
  .meta({
    id: 'PresignedUrl',
    examples: [
      {
        method: 'PUT',
        url: 'https://stages.example/v1/presigned/eyJ1c2VyIjoicm9vdCJ9.c2lnbmF0dXJl/rows.csv',
        headers: { 'content-type': 'text/csv' },
        expires_at: '2026-11-30T19:00:00.000Z',
      },
    ],
  }) satisfies z.ZodType<PresignedUrlView>;
