import { hash } from 'node:crypto';
import { ESCAPE } from '../../storage/contract/key-bytes.js';

/** Bytes that are no UTF-8, as names show them. */
const ESCAPED_BYTE = new RegExp(`${ESCAPE}([0-9A-F]{2})`, 'g');
/** A separator on Windows, and control characters. */
const UNSAFE_CHARACTERS = /[\\\p{Cc}]/gu;

/**
 * Names for the files of one archive: no name leads out of the folder into which it is unpacked, and no two become one file where case,
 * accents, invisible characters, or dots and spaces at the end of a name do not count.
 *
 * It keeps 53 bits of a digest for each name. Two names with the same bits cost one of them a needless number.
 */
export class SafeNames {
  readonly #files = new Set<number>();
  readonly #directories = new Set<number>();
  readonly #fileNumbers = new Map<number, number>();
  readonly #directoryNumbers = new Map<number, number>();

  /** Returns the name itself if it is safe and free. */
  take(name: string): string {
    const components = safeComponents(name);
    const last = components.pop() ?? '';
    let folder = '';
    for (const component of components) folder = `${this.#directory(folder + component)}/`;
    return this.#file(folder + last);
  }

  #file(path: string): string {
    const isFree = (digest: number): boolean => !this.#files.has(digest) && !this.#directories.has(digest);
    const [free, digest] = firstFree(path, this.#fileNumbers, isFree);
    this.#files.add(digest);
    return free;
  }

  /** An object store can have `a` and `a/b`, and a folder cannot. Of one directory every file gets the same answer. */
  #directory(path: string): string {
    const isFree = (digest: number): boolean => !this.#files.has(digest);
    const [free, digest] = firstFree(path, this.#directoryNumbers, isFree);
    this.#directories.add(digest);
    return free;
  }
}

/**
 * @param numbers the last number that each path was given: a thousand names that fold into one are not tried a million times.
 * @returns the path, with a number if it needs one, and its digest.
 */
function firstFree(
  path: string,
  numbers: Map<number, number>,
  isFree: (digest: number) => boolean,
): readonly [path: string, digest: number] {
  const digest = digestOf(path);
  if (isFree(digest)) return [path, digest];
  for (let number = numbers.get(digest) ?? 2; ; number++) {
    const candidate = numbered(path, number);
    const ofCandidate = digestOf(candidate);
    if (!isFree(ofCandidate)) continue;
    numbers.set(digest, number);
    return [candidate, ofCandidate];
  }
}

/** `a.csv` becomes `a~2.csv`. */
function numbered(path: string, number: number): string {
  return path.replace(/(?<=^|\/)(\.*[^./]*)([^/]*)$/, `$1~${String(number)}$2`);
}

function safeComponents(name: string): string[] {
  const text = name.replace(ESCAPED_BYTE, '%$1').toWellFormed().replace(UNSAFE_CHARACTERS, '_');
  return text.split('/').map(safeComponent);
}

function safeComponent(component: string): string {
  // Windows drops dots and spaces at the end of a name, so that more than two dots may climb as two do.
  if (/^[.\s]*$/.test(component)) return component.replace(/[.\s]/g, '_') || '_';
  return component.replace(/^([a-z]):/i, '$1_');
}

/** The same for names that some file system takes for one. NFKC is the coarsest form that one normalises to. */
function digestOf(path: string): number {
  const folded = path
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .normalize('NFKC')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[. ]+(?=\/|$)/g, '');
  const digest = hash('md5', folded, 'buffer');
  return digest.readUIntBE(0, 6) * 32 + (digest.readUInt8(6) & 31);
}
