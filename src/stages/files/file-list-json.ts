import { UnlistedDirectories } from '../../storage/contract/unlisted-directories.js';
import { encodeCursor } from './list-cursor.js';
import type { StageFileRow } from './stage-file-row.js';

/**
 * Streams the answer of a listing as JSON: one piece per batch, one line per row: `{"files":[…],"next_cursor":…}`.
 * `"unlisted":[…]` names directories that could not be read.
 *
 * @param batches of up to `limit + 1` rows in total: the extra row tells that a next page exists.
 */
export async function* fileListJson(
  batches: AsyncIterable<readonly StageFileRow[]>,
  limit: number,
): AsyncGenerator<string> {
  let opening = '{"files":[';
  let count = 0;
  let last: StageFileRow | undefined;
  let hasNext = false;
  let unlisted = '';
  try {
    for await (const batch of batches) {
      const rows = batch.slice(0, limit - count);
      hasNext = rows.length < batch.length;
      if (rows.length === 0) continue;
      yield opening + rows.map((row) => JSON.stringify(row)).join(',\n');
      opening = ',\n';
      count += rows.length;
      last = rows.at(-1);
    }
  } catch (error) {
    unlisted = unlistedJson(error);
  }
  const cursor = hasNext && last !== undefined ? encodeCursor(last.name) : null;
  yield `${count === 0 ? opening : ''}],"next_cursor":${JSON.stringify(cursor)}${unlisted}}\n`;
}

/** Reports directories that could not be read, after all other files were listed. */
function unlistedJson(error: unknown): string {
  if (!(error instanceof UnlistedDirectories)) throw error;
  return `,"unlisted":${JSON.stringify(error.directories)}`;
}
