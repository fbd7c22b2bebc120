import { NumberColumn, TextColumn } from './columns.js';
import { isAt, numberAt, textAt, type FlatObject, type Place } from './flat-object.js';
import type { FileEntry, StageFile } from './file-entry.js';

/** The end of a page. */
export interface PageEnd {
  readonly next_cursor: string | null;
  readonly unlisted?: readonly string[] | undefined;
}

/** A line that names a file or a folder. */
export type EntryLine = FlatObject<keyof StageFile | 'prefix'>;

/**
 * A page of a listing, folders first, kept in columns: a stage may have hundreds of pages. An entry is made when a line is
 * shown.
 */
export class EntryPage {
  readonly #folders = new TextColumn();
  readonly #names = new TextColumn();
  readonly #md5s = new TextColumn();
  readonly #sizes = new NumberColumn(Float64Array);
  readonly #modified = new NumberColumn(Float64Array);
  readonly #creators = new CreatorColumn();
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

  addFolder({ bytes, places }: EntryLine): void {
    this.#folders.add(bytes, places.prefix);
  }

  addFile({ bytes, places }: EntryLine): void {
    this.#names.add(bytes, places.name);
    this.#md5s.add(bytes, places.md5);
    this.#sizes.add(numberAt(bytes, places.size));
    this.#modified.add(timeAt(bytes, places.last_modified));
    this.#creators.add(bytes, places.creator);
  }

  /** Nothing may be added afterwards. */
  finish(end: PageEnd): void {
    this.#end = end;
    for (const texts of [this.#folders, this.#names, this.#md5s]) texts.finish();
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
      size: this.#sizes.at(file),
      md5: md5 === '' || md5 === undefined ? null : md5,
      modifiedAt: this.#modified.at(file),
      creator: this.#creators.at(file),
    };
  }

  isFolder(line: number): boolean {
    return line < this.#folders.count;
  }

  /** Of a file. */
  numberAt(line: number, column: 'size' | 'modifiedAt'): number {
    const numbers = column === 'size' ? this.#sizes : this.#modified;
    return numbers.at(line - this.#folders.count);
  }

  /** Some digits of a file's md5 as a number; null where it is not known. */
  md5At(line: number, from: number, to: number): number | null {
    return this.#md5s.hexAt(line - this.#folders.count, from, to);
  }

  /** Null for a folder, and for a creator who is not known. */
  creatorAt(line: number): string | null {
    return this.isFolder(line) ? null : this.#creators.at(line - this.#folders.count);
  }
}

/** The creator of each file. A page has few, and most files that of the one before. */
class CreatorColumn {
  readonly #numbers = new NumberColumn(Uint16Array);
  readonly #names: (string | null)[] = [];
  #latest = { bytes: new Uint8Array(), number: -1 };

  add(bytes: Uint8Array, place: Place): void {
    const { number, bytes: latest } = this.#latest;
    if (number < 0 || !isAt(bytes, place, latest))
      this.#latest = { bytes: bytes.slice(place.from, place.to), number: this.#numberOf(bytes, place) };
    this.#numbers.add(this.#latest.number);
  }

  at(file: number): string | null {
    return this.#names[this.#numbers.at(file)] ?? null;
  }

  #numberOf(bytes: Uint8Array, place: Place): number {
    const name = place.from === place.to ? null : textAt(bytes, place);
    const known = this.#names.indexOf(name);
    return known < 0 ? this.#names.push(name) - 1 : known;
  }
}

/** Milliseconds since 1970, of a time as in `2026-11-25 19:21:23.281 +0000`. */
function timeAt(bytes: Uint8Array, { from: start }: Place): number {
  const part = (from: number, to: number): number => numberAt(bytes, { from: start + from, to: start + to });
  const [year, month, day] = [part(0, 4), part(5, 7) - 1, part(8, 10)];
  return Date.UTC(year, month, day, part(11, 13), part(14, 16), part(17, 19), part(20, 23));
}
