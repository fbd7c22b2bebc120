import { z } from 'zod';
import type { QuotaView } from '../../quotas/quota-view.js';
import { NULLABLE_TIME } from './time.js';

const limit = (description: string): z.ZodNullable<z.ZodInt> => z.int().nullable().meta({ description });

const LIMITS = {
  max_bytes: limit('The most bytes; null for no limit.'),
  max_files: limit('The most files; null for no limit.'),
  left_bytes: limit('How many more may come; null for no limit.'),
  left_files: limit('How many more may come; null for no limit.'),
};

/** In an answer that refuses a file. */
export const QUOTA_LEFT = z
  .looseObject(LIMITS)
  .meta({ id: 'QuotaLeft', description: 'The quota of the stage, and what is left of it.' });

export const QUOTA = z
  .looseObject({
    ...LIMITS,
    used_bytes: z.int(),
    used_files: z.int(),
    reserved_bytes: z.int().meta({ description: 'What running uploads will add.' }),
    reserved_files: z.int(),
    counted_on: NULLABLE_TIME.meta({
      description: 'When the store was last asked; null without a quota.',
    }),
  })
  .meta({
    id: 'Quota',
    description: 'The quota of a stage, and what is used of it.',
    examples: [
      {
        max_bytes: 1_000_000_000,
        max_files: null,
        left_bytes: 999_999_000,
        left_files: null,
        used_bytes: 1000,
        used_files: 2,
        reserved_bytes: 0,
        reserved_files: 0,
        counted_on: '2026-11-30T18:00:00.000Z',
      },
    ],
  }) satisfies z.ZodType<QuotaView>;
