import { isCommonPrefix } from '../../../storage/contract/levels/level-entry.js';
import type { FilePage, PageEnd } from './file-listings.js';

/** The formats of a listing, by their media types. The first one is for who accepts any. */
export const LISTING_FORMATS = {
  'application/json': jsonPieces,
  'application/x-ndjson': ndjsonPieces,
} as const;

export type ListingType = keyof typeof LISTING_FORMATS;

/** Entries of any kind, and how they end. */
export interface EntryPage {
  readonly batches: AsyncIterable<readonly object[]> | Iterable<readonly object[]>;
  readonly end: () => PageEnd;
}

export interface FormatOptions {
  /** Does the answer have a field for common prefixes? */
  readonly hasPrefixes: boolean;
}

/**
 * Streams a page as JSON: one piece per batch, one line per file: `{"files":[…],"prefixes":[…],"next_cursor":…}`.
 * `"unlisted":[…]` names directories that could not be read.
 */
async function* jsonPieces(
  { batches, end }: FilePage,
  { hasPrefixes }: FormatOptions,
): AsyncGenerator<string> {
  let opening = '{"files":[';
  const prefixes: string[] = [];
  for await (const batch of batches) {
    const files: string[] = [];
    for (const entry of batch) {
      if (isCommonPrefix(entry)) prefixes.push(entry.prefix);
      else files.push(JSON.stringify(entry));
    }
    if (files.length === 0) continue;
    yield opening + files.join(',\n');
    opening = ',\n';
  }
  const listed = hasPrefixes ? `,"prefixes":${JSON.stringify(prefixes)}` : '';
  yield `${opening === ',\n' ? '' : opening}]${listed},${endFields(end())}}\n`;
}

/** Streams a page with a line for each entry. The last line has `next_cursor`: without it, the answer was cut off. */
export async function* ndjsonPieces({ batches, end }: EntryPage): AsyncGenerator<string> {
  for await (const batch of batches) yield batch.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  yield `{${endFields(end())}}\n`;
}

function endFields({ nextCursor, unlisted }: PageEnd): string {
  const named = unlisted.length === 0 ? '' : `,"unlisted":${JSON.stringify(unlisted)}`;
  return `"next_cursor":${JSON.stringify(nextCursor)}${named}`;
}
