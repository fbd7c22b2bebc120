import { z } from 'zod';

/** JSON fields that CREATE and ALTER STAGE share. */
export const CONNECTION = z
  .record(z.string(), z.union([z.string(), z.boolean()]))
  .transform((options) => new Map(Object.entries(options).map(([name, value]) => [name, String(value)])));

export const FILE_FORMAT = z
  .record(
    z.string(),
    z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]),
    'must be an object, as in {"type": "csv"}',
  )
  .transform((options) => new Map(Object.entries(options)));

export const COMMENT = z.string();
