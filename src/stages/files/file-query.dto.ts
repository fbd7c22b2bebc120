import { z } from 'zod';
import { pageLimit } from '../../http/request/page-limit.js';
import { RequestError } from '../../http/request/request-error.js';
import type { FilePageQuery } from './listing/file-listings.js';
import type { FileQuery } from './stage.service.js';

const DEFAULT_LIMIT = 1000;
/** Large, because streamed rows take time and no memory. */
const MAX_LIMIT = 1_000_000;

/** Query of a listing. */
export const LIST_FILES = z.strictObject({
  prefix: z.string().optional(),
  pattern: z.string().optional(),
  delimiter: z.literal('/', { error: 'must be /, the only delimiter' }).optional(),
  cursor: z.string().optional(),
  limit: pageLimit(MAX_LIMIT).optional(),
});

export type ListFilesQuery = z.output<typeof LIST_FILES>;

/** Query of a removal. */
export const REMOVE_FILES = z.strictObject({ prefix: z.string().optional(), pattern: z.string().optional() });

export type RemoveFilesQuery = z.output<typeof REMOVE_FILES>;

/** @throws RequestError */
export function pageQueryFrom({ limit = DEFAULT_LIMIT, ...query }: ListFilesQuery): FilePageQuery {
  if (query.delimiter !== undefined && query.pattern !== undefined) {
    throw new RequestError(
      'InvalidRequest',
      'Give delimiter or pattern: a pattern selects from all files below the prefix, a delimiter shows one level of them.',
    );
  }
  return { ...query, limit };
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
