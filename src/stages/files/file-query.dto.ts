import { z } from 'zod';
import { decodeCursor } from './list-cursor.js';
import { StageError } from '../stage-error.js';
import type { FileQuery } from './stage.service.js';
import { parseRequest } from '../parse-request.js';

const DEFAULT_LIMIT = 1000;
/** Rows are streamed, so that a large page costs time and no memory. */
const MAX_LIMIT = 1_000_000;

const LIST_FILES = z.strictObject({
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

const REMOVE_FILES = z.strictObject({ prefix: z.string().optional(), pattern: z.string().optional() });

/** Reads the query of a listing. @throws StageError that says what is wrong. */
export function listQueryFrom(query: unknown): FileQuery & { readonly limit: number } {
  const { cursor, limit, ...selection } = parseRequest(LIST_FILES, query);
  return {
    ...selection,
    startAfter: cursor === undefined ? undefined : decodeCursor(cursor),
    limit: limit ?? DEFAULT_LIMIT,
  };
}

/** Reads the query of a removal: everything goes only where that was said. @throws StageError of kind `InvalidRequest`. */
export function removeQueryFrom(query: unknown): FileQuery {
  const selection = parseRequest(REMOVE_FILES, query);
  if (selection.prefix === undefined && selection.pattern === undefined) {
    throw new StageError(
      'InvalidRequest',
      'Say which files to remove: give prefix, pattern or both; an empty prefix means all of them.',
    );
  }
  return selection;
}
