import { z } from 'zod';
import type { OptionChanges } from '../../storage/contract/storage-provider-factory.js';

/** JSON fields that CREATE and ALTER STAGE share. */
export const CONNECTION = z
  .record(z.string(), z.union([z.string(), z.boolean()]))
  .transform((options) => new Map(Object.entries(options).map(([name, value]) => [name, String(value)])));

/** Options of a connection that change; null removes one. */
export const CONNECTION_CHANGES = z
  .record(z.string(), z.union([z.string(), z.boolean(), z.null()]))
  .transform(
    (options): OptionChanges =>
      new Map(Object.entries(options).map(([name, value]) => [name, value === null ? null : String(value)])),
  );

export const FILE_FORMAT = z
  .record(
    z.string(),
    z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]),
    'must be an object, as in {"type": "csv"}',
  )
  .transform((options) => new Map(Object.entries(options)));

export const COMMENT = z.string();
