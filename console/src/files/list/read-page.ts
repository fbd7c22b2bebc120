import { Breather } from '../../lib/breather.js';
import { linesOf } from '../../lib/lines-of.js';
import { EntryPage, type PageEnd } from './entry-page.js';
import type { StageFile } from './file-entry.js';

/** A line of a listing: a file, a folder, or the end of the page. */
type Line = StageFile | { readonly prefix: string } | PageEnd;

/** Lines that are read before the time is looked at. */
const AT_ONCE = 100;

/** Says that an answer ended too early. */
export class CutListingError extends Error {
  override readonly name = 'CutListingError';

  constructor() {
    super('The list was broken off: the connection is gone, or the store has failed. Try again.');
  }
}

/**
 * Reads a page of a listing, and lets the browser draw in between.
 *
 * @throws CutListingError for one without an end.
 */
export async function readPage(
  content: ReadableStream<Uint8Array<ArrayBuffer>>,
  signal: AbortSignal,
): Promise<EntryPage> {
  const page = new EntryPage();
  const breather = new Breather(signal);
  for await (const lines of linesOf(content)) {
    for (const line of lines) {
      addLine(page, JSON.parse(line) as Line); // as the API's document has it
      if (page.count % AT_ONCE === 0) await breather.pause();
    }
    if (page.isWhole) return page;
  }
  throw new CutListingError();
}

function addLine(page: EntryPage, line: Line): void {
  if ('name' in line) page.addFile(line);
  else if ('prefix' in line) page.addFolder(line.prefix);
  else page.finish(line);
}
