import { z } from 'zod';

/** Query of an archive. */
export const ARCHIVE = z.strictObject({ prefix: z.string().optional(), pattern: z.string().optional() });

export type ArchiveQuery = z.output<typeof ARCHIVE>;
