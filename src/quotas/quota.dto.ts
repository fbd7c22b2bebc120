import { z } from 'zod';
import { quotaOf, type Quota } from '../access/quota.js';

const LIMIT = z.int().min(0).nullish();

/** Body of `PUT …/quota`: all of the quota. */
export const SET_QUOTA = z
  .strictObject({ max_bytes: LIMIT, max_files: LIMIT, force: z.boolean().optional() })
  .refine(
    ({ max_bytes: bytes, max_files: files }) => (bytes ?? files ?? null) !== null,
    'Give max_bytes, max_files or both: DELETE removes a quota',
  );

export type SetQuotaBody = z.output<typeof SET_QUOTA>;

/** Query of `GET …/quota`. */
export const SHOW_QUOTA = z.strictObject({
  fresh: z.enum(['true', 'false'], 'must be true or false').optional(),
});

export type ShowQuotaQuery = z.output<typeof SHOW_QUOTA>;

export function quotaFrom({ max_bytes: maxBytes, max_files: maxFiles }: SetQuotaBody): Quota | null {
  return quotaOf(maxBytes ?? null, maxFiles ?? null);
}
