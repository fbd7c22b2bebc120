import { z } from 'zod';
import { decodeCursor } from './list-cursor.js';
import { RequestError } from '../../http/request/request-error.js';
import type { FileQuery } from './stage.service.js';

const DEFAULT_LIMIT = 1000;
/** Large, because streamed rows take time and no memory. */
const MAX_LIMIT = 1_000_000;

/** Query of a listing. */
export const LIST_FILES = z.strictObject({
  prefix: z.string().optional(),
  pattern: z.string().optional(),
  cursor: z.string().optional(),
  limit: z
    .string()
    .regex(/^\d{1,7}$/, 'must be a whole number')
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= MAX_LIMIT, `must be from 1 to ${String(MAX_LIMIT)}`)
    .optional(),
});

export type ListFilesQuery = z.output<typeof LIST_FILES>;

/** Query of a removal. */
export const REMOVE_FILES = z.strictObject({ prefix: z.string().optional(), pattern: z.string().optional() });

export type RemoveFilesQuery = z.output<typeof REMOVE_FILES>;

/** @throws StageError of kind `InvalidCursor`. */
export function listQueryFrom(query: ListFilesQuery): FileQuery & { readonly limit: number } {
  const { cursor, limit, ...selection } = query;
  return {
    ...selection,
    startAfter: cursor === undefined ? undefined : decodeCursor(cursor),
    limit: limit ?? DEFAULT_LIMIT,
  };
}

/** Requires a prefix or a pattern, so that nobody removes all files by accident. @throws RequestError */
export function removeQueryFrom(selection: RemoveFilesQuery): FileQuery {
  if (selection.prefix === undefined && selection.pattern === undefined) {
    throw new RequestError(
      'InvalidRequest',
      'Say which files to remove: give prefix, pattern or both; an empty prefix means all of them.',
    );
  }
  return selection;
}
