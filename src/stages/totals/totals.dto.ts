import { z } from 'zod';

/** Query of the totals of a stage. */
export const TOTALS = z.strictObject({
  prefix: z.string().optional(),
  fresh: z.enum(['true', 'false'], 'must be true or false').optional(),
});

export type TotalsQuery = z.output<typeof TOTALS>;
