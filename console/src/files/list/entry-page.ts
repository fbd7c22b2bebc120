import { NumberColumn, TextColumn } from '../../lib/columns.js';
import type { FileEntry, StageFile } from './file-entry.js';

/** The end of a page. */
export interface PageEnd {
  readonly next_cursor: string | null;
  readonly unlisted?: readonly string[] | undefined;
}

/**
 * A page of a listing, folders first, kept in columns: a stage may have hundreds of pages. An entry is made when a line is
 * shown.
 */
export class EntryPage {
  readonly #folders = new TextColumn();
  readonly #names = new TextColumn();
  readonly #md5s = new TextColumn();
  readonly #sizes = new NumberColumn();
  readonly #modified = new NumberColumn();
  /** The number of each file's creator. */
  readonly #creators = new NumberColumn();
  readonly #creatorNumbers = new Map<string | null, number>();
  #creatorNames: readonly (string | null)[] = [];
  #end: PageEnd | undefined;

  get count(): number {
    return this.#folders.count + this.#names.count;
  }

  get nextCursor(): string | null {
    return this.#end?.next_cursor ?? null;
  }

  /** Directories that the server could not read. */
  get unlisted(): readonly string[] {
    return this.#end?.unlisted ?? [];
  }

  get isWhole(): boolean {
    return this.#end !== undefined;
  }

  addFolder(name: string): void {
    this.#folders.add(name);
  }

  addFile({ name, size, md5, creator, last_modified: modified }: StageFile): void {
    const number = this.#creatorNumbers.get(creator) ?? this.#creatorNumbers.size;
    this.#creatorNumbers.set(creator, number);
    this.#creators.add(number);
    this.#names.add(name);
    this.#md5s.add(md5 ?? '');
    this.#sizes.add(size);
    this.#modified.add(Date.parse(modified));
  }

  finish(end: PageEnd): void {
    this.#end = end;
    this.#creatorNames = [...this.#creatorNumbers.keys()];
  }

  at(line: number): FileEntry | undefined {
    const file = line - this.#folders.count;
    const name = file < 0 ? this.#folders.at(line) : this.#names.at(file);
    if (name === undefined) return undefined;
    if (file < 0) return { kind: 'folder', name };
    const md5 = this.#md5s.at(file);
    return {
      kind: 'file',
      name,
      size: this.#sizes.at(file) ?? 0,
      md5: md5 === '' || md5 === undefined ? null : md5,
      modifiedAt: this.#modified.at(file) ?? 0,
      creator: this.#creatorNames[this.#creators.at(file) ?? 0] ?? null,
    };
  }
}
