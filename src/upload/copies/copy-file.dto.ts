import { z } from 'zod';

/** The body of a copy or a move. */
export const COPY_FILE = z.strictObject({
  from: z.string(),
  to: z.string(),
  from_stage: z.string().nullish(),
  from_etag: z
    .string()
    .regex(/^(?:W\/)?"[^"]*"$/, 'must be an ETag in double quotes, as a download gives it')
    .nullish(),
});

export type CopyFileBody = z.output<typeof COPY_FILE>;
