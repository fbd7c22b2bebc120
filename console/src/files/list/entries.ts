import type { EntryPage } from './entry-page.js';
import type { FileEntry } from './file-entry.js';

/** Entries by the number of their line. */
export interface Entries {
  readonly count: number;
  at(line: number): FileEntry | undefined;
}

/** Entries of all pages, in the order of the listing. */
export class ListedEntries implements Entries {
  readonly count: number;
  readonly #pages: readonly EntryPage[];
  readonly #starts: readonly number[];

  constructor(pages: readonly EntryPage[]) {
    let count = 0;
    this.#starts = pages.map((page) => {
      const start = count;
      count += page.count;
      return start;
    });
    this.#pages = pages;
    this.count = count;
  }

  at(line: number): FileEntry | undefined {
    return this.ask(line, (page, within) => page.at(within));
  }

  /** Asks the page that holds a line about it. */
  ask<Answer>(line: number, question: (page: EntryPage, line: number) => Answer): Answer | undefined {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= line) low = middle;
      else high = middle - 1;
    }
    const page = this.#pages[low];
    return page === undefined ? undefined : question(page, line - (this.#starts[low] ?? 0));
  }
}

/** The same entries in another order. */
export class OrderedEntries implements Entries {
  readonly count: number;
  readonly #entries: Entries;
  readonly #lines: Uint32Array;

  constructor(entries: Entries, lines: Uint32Array) {
    this.count = entries.count;
    this.#entries = entries;
    this.#lines = lines;
  }

  at(line: number): FileEntry | undefined {
    const listed = this.#lines[line];
    return listed === undefined ? undefined : this.#entries.at(listed);
  }
}

export function* allOf(entries: Entries): Generator<FileEntry> {
  for (let line = 0; line < entries.count; line++) {
    const entry = entries.at(line);
    if (entry !== undefined) yield entry;
  }
}
