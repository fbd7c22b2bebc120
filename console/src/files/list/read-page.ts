import { Breather } from '../../lib/breather.js';
import { FlatObject, isAt } from './flat-object.js';
import { wholeLines, type Bytes } from './whole-lines.js';
import { EntryPage, type EntryLine, type PageEnd } from './entry-page.js';

const NEWLINE = 10;
/** How a line begins that names a file or a folder. That of the end, which holds lists too, does otherwise. */
const FILE = new TextEncoder().encode('{"name":');
const FOLDER = new TextEncoder().encode('{"prefix":');

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
  const entry: EntryLine = new FlatObject(['name', 'size', 'md5', 'creator', 'last_modified', 'prefix']);
  const breather = new Breather(signal);
  for await (const lines of wholeLines(content)) {
    for (let start = 0; start < lines.length; start = lines.indexOf(NEWLINE, start) + 1) {
      addLine(page, entry, lines, start);
      if (page.count % AT_ONCE === 0) await breather.pause();
    }
    if (page.isWhole) return page;
  }
  throw new CutListingError();
}

function addLine(page: EntryPage, entry: EntryLine, lines: Bytes, start: number): void {
  const isFile = beginsWith(FILE, lines, start);
  if (isFile || beginsWith(FOLDER, lines, start)) {
    entry.read(lines, start);
    if (isFile) page.addFile(entry);
    else page.addFolder(entry);
  } else {
    const end = lines.subarray(start, lines.indexOf(NEWLINE, start));
    page.finish(JSON.parse(new TextDecoder().decode(end)) as PageEnd); // as the API's document has it
  }
}

function beginsWith(beginning: Bytes, lines: Bytes, start: number): boolean {
  return isAt(lines, { from: start, to: start + beginning.length }, beginning);
}
