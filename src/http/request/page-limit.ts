import { z } from 'zod';

/** The parameter `limit` of a listing: a whole number from 1 to `max`. */
export function pageLimit(max: number): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= max, `must be from 1 to ${String(max)}`);
}
