import { z } from 'zod';
import type { StageView } from '../../stages/catalog/stage-view.js';
import type { CheckReport } from '../../stages/check/check-report.js';
import { NULLABLE_TIME } from './time.js';

const nullableText = z.string().nullable();

export const STAGE = z
  .looseObject({
    name: z.string(),
    stage_type: z.enum(['Internal', 'External']).meta({ description: '`~` is internal.' }),
    storage_type: nullableText.meta({ description: '`s3` or `fs`; null for an internal stage.' }),
    url: nullableText.meta({ description: 'Where the files of an external stage are.' }),
    endpoint: nullableText.meta({ description: 'The server of its store.' }),
    has_credentials: z.boolean().meta({ description: 'Whether the store is reached with keys.' }),
    has_encryption_key: z.boolean().meta({ description: 'Always false.' }),
    storage_params: z
      .record(z.string(), z.union([z.string(), z.boolean(), z.null()]))
      .nullable()
      .meta({ description: 'How the store of an external stage is reached, with every secret masked.' }),
    connection_ref: nullableText.meta({
      description: 'The named connection that the stage refers to, and whose changes it follows.',
    }),
    file_format_options: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]))
      .meta({ description: 'The format of its files, as Databend shows it.' }),
    creator: nullableText.meta({ description: 'Who has made it; null for `~`.' }),
    created_on: NULLABLE_TIME,
    comment: z.string(),
    owner: nullableText.meta({ description: 'The role that owns it; null for `~`.' }),
    quota: z
      .looseObject({ max_bytes: z.int().nullable(), max_files: z.int().nullable() })
      .nullable()
      .meta({ description: 'The most that it may hold; null for what has no limit.' }),
  })
  .meta({
    id: 'Stage',
    description: 'A stage. Secrets are masked.',
    examples: [
      {
        name: 'landing',
        stage_type: 'Internal',
        storage_type: null,
        url: null,
        endpoint: null,
        has_credentials: false,
        has_encryption_key: false,
        storage_params: null,
        connection_ref: null,
        file_format_options: { type: 'Parquet', missing_field_as: 'ERROR' },
        creator: "'root'@'%'",
        created_on: '2026-11-30T18:00:00.000Z',
        comment: 'monthly',
        owner: 'account_admin',
        quota: null,
      },
    ],
  }) satisfies z.ZodType<StageView>;

export const STAGES = z
  .looseObject({
    stages: z.array(STAGE).meta({ description: 'The named stages that one may see, by name.' }),
    next_cursor: nullableText.meta({ description: '`cursor` for the next page; null on the last one.' }),
  })
  .meta({ id: 'Stages' });

export const CHECK_REPORT = z
  .looseObject({
    ok: z.boolean().meta({ description: 'Whether every check that is needed has succeeded.' }),
    checks: z.array(
      z.looseObject({
        check: z.string().meta({
          description: '`list`, `write`, `read` or `remove`, or one of the store: `directory`, `clock`.',
        }),
        ok: z.boolean().nullable().meta({ description: 'Null where it was not tried.' }),
        reason: z.string().exactOptional().meta({ description: 'Why it has failed.' }),
        advice: z.string().exactOptional().meta({ description: 'How an administrator can mend it.' }),
      }),
    ),
  })
  .meta({
    id: 'CheckReport',
    description: 'What the checks of a stage have shown.',
    examples: [{ ok: true, checks: [{ check: 'list', ok: true }] }],
  }) satisfies z.ZodType<CheckReport>;

export const STAGE_CHECK = z
  .looseObject({ stage: z.string(), ...CHECK_REPORT.shape })
  .meta({ id: 'StageCheck', description: 'What the checks of the stage have shown.' });
