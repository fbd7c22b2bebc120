import { lstatSync, opendirSync, readdirSync, statSync, type Dir, type Dirent, type Stats } from 'node:fs';
import { join } from 'node:path';
import { TimeSlices } from '../../../../common/time-slices.js';
import { compareKeys, ESCAPE, keyBytes, keyFromBytes } from '../../../contract/key-bytes.js';
import { type FsPath, pathBelow } from '../fs-path.js';
import { FoldedNames } from '../folded-names.js';
import { HeldDirectory } from '../links/held-directory.js';
import { LinkFreePaths } from '../links/link-free-paths.js';
import { isSameMount } from '../same-mount.js';
import { FoundFiles } from './found-files.js';
import { TEMPORARY_DIRECTORY } from '../temporary-directory.js';
import { errnoOf, unlessAbsent } from '../fs-storage.errors.js';
import type { WalkedFiles, WalkScope } from './walk-request.js';

/** Number of directory entries per read. */
const ENTRIES = 1000;
/** The same, to find one file. */
const FIRST_ENTRIES = 16;

/** Matches names whose byte order differs from that of their UTF-16 units: beyond U+FFFF, or not valid UTF-8. */
const HAS_OWN_ORDER = new RegExp(`[\\uD800-\\uDFFF${ESCAPE}]`);

const NOT_ALLOWED = new Set(['EACCES', 'EPERM']);
const UNREADABLE = Symbol('UNREADABLE');

/** The name that stands for a directory's own marker. */
const MARKER = '';

/** Inode of the top directory of ext2, ext3 and ext4, where `lost+found` belongs to the file system. */
const TOP_INODE = 2;

type EntryKind = Pick<Dirent, 'isFile' | 'isDirectory'>;

/** One directory of the walk's path: its names in order, directories with a slash at the end. */
interface Frame {
  readonly keyPrefix: string;
  readonly names: readonly string[];
  next: number;
}

/**
 * Walks depth-first with every directory sorted as `name/`, which is the byte order of whole keys. For each level the names of one
 * directory are in memory. Skips symbolic links and special files.
 *
 * Uses synchronous calls, because asynchronous ones take three times as long. Other walks run between time slices; the sort of one
 * directory is one slice.
 */
export class FileWalk {
  readonly #root: string;
  readonly #prefix: string;
  readonly #startAfter: string;
  readonly #markers: boolean;
  readonly #isLevel: boolean;
  readonly #slices = new TimeSlices();
  readonly #links: LinkFreePaths | undefined;
  /** Directories, by key, that are held while `next` reads their files. None is held between calls. */
  readonly #held = new Map<string, HeldDirectory>();
  #stack: Frame[] | undefined;
  #unreadable: string[] = [];

  constructor({ root, realRoot, prefix, startAfter, markers, isLevel }: WalkScope) {
    this.#root = root;
    this.#links =
      realRoot === undefined ? undefined : new LinkFreePaths(root, new FoldedNames(root), { realRoot });
    this.#prefix = prefix;
    this.#startAfter = startAfter;
    this.#markers = markers;
    this.#isLevel = isLevel;
  }

  /** Returns the next `count` files; fewer only at the end. */
  async next(count: number): Promise<WalkedFiles> {
    try {
      return await this.#next(count);
    } finally {
      for (const directory of this.#held.keys()) this.#release(directory);
    }
  }

  async #next(count: number): Promise<WalkedFiles> {
    const found = new FoundFiles();
    const stack = (this.#stack ??= [await this.#readFrame(directoryOf(this.#prefix))]);
    for (let frame = stack.at(-1); frame !== undefined && found.count < count; frame = stack.at(-1)) {
      if (this.#slices.isOver) await this.#slices.next();
      const name = frame.names[frame.next++];
      if (name === undefined) {
        stack.pop();
        this.#release(frame.keyPrefix);
      } else if (!name.endsWith('/')) {
        const stats = this.#statsOf(name, frame);
        if (stats !== undefined) found.add(frame.keyPrefix + name, stats, name === MARKER ? 0 : stats.size);
      } else if (!this.#isLevel) stack.push(await this.#readFrame(frame.keyPrefix + name));
      else if (await this.#holdsFile(frame.keyPrefix + name)) found.addDirectory(frame.keyPrefix + name);
    }
    const unreadable = this.#unreadable;
    this.#unreadable = [];
    return found.with(unreadable);
  }

  /** Is there a file at any depth below the directory? There may be one where the server may not look. */
  async #holdsFile(keyPrefix: string): Promise<boolean> {
    const remaining = [keyPrefix];
    for (let key = remaining.pop(); key !== undefined; key = remaining.pop()) {
      if (this.#slices.isOver) await this.#slices.next();
      try {
        if (this.#hasFile(key, remaining)) return true;
      } catch (error) {
        if (!NOT_ALLOWED.has(errnoOf(error) ?? '')) throw error;
        if (!isOfFileSystem(this.#root, key)) return true;
      } finally {
        this.#release(key);
      }
    }
    return false;
  }

  /** Is there a file in the directory itself? If not, adds the directories in it to `below`. */
  #hasFile(keyPrefix: string, below: string[]): boolean {
    const held = unlessAbsent(() => this.#hold(keyPrefix));
    const directory = held && unlessAbsent(() => opendirSync(held.self, { bufferSize: FIRST_ENTRIES }));
    if (held === undefined || directory === undefined) return false;
    let names: string[] = [];
    try {
      for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
        if (entry.isFile()) return true;
        if (entry.isDirectory()) names.push(entry.name);
      }
    } finally {
      directory.closeSync();
    }
    if (names.some(isAmbiguous)) names = directoriesIn(held);
    for (const name of names) if (name !== TEMPORARY_DIRECTORY) below.push(`${keyPrefix}${name}/`);
    return false;
  }

  /** Reads the stats of a file that may have been removed since its directory was read. */
  #statsOf(name: string, frame: Frame): Stats | undefined {
    const look = (): Stats | undefined => {
      const directory = this.#hold(frame.keyPrefix);
      if (directory === undefined) return undefined;
      const path = name === MARKER ? directory.self : entryPath(directory, name);
      return path === undefined ? undefined : lstatSync(path, { throwIfNoEntry: false });
    };
    const stats = this.#unlessUnreadable(frame.keyPrefix, () => unlessAbsent(look));
    if (stats === UNREADABLE) frame.next = frame.names.length;
    if (stats === UNREADABLE || stats === undefined) return undefined;
    return stats.isFile() || name === MARKER ? stats : undefined;
  }

  async #readFrame(keyPrefix: string): Promise<Frame> {
    const open = (): { held: HeldDirectory; directory: Dir } | undefined => {
      const held = this.#hold(keyPrefix);
      return held && { held, directory: opendirSync(held.self, { bufferSize: ENTRIES }) };
    };
    const opened = this.#unlessUnreadable(keyPrefix, () => unlessAbsent(open));
    if (opened === undefined || opened === UNREADABLE) return { keyPrefix, names: [], next: 0 };
    const { held, directory } = opened;
    let names: string[] | undefined;
    try {
      names = await this.#readNames(directory, keyPrefix);
    } finally {
      directory.closeSync();
    }
    const sorted = sortedByBytes(names ?? this.#readBytes(held.self, keyPrefix));
    return { keyPrefix, names: this.#isMarker(keyPrefix, sorted, held) ? [MARKER] : sorted, next: 0 };
  }

  /** Holds a directory; undefined if its path contains a link. */
  #hold(keyPrefix: string): HeldDirectory | undefined {
    const cached = this.#held.get(keyPrefix);
    if (cached !== undefined) return cached;
    const path = this.#pathOf(keyPrefix);
    const held = this.#links === undefined ? HeldDirectory.named(path) : this.#links.hold(path);
    if (held !== undefined) this.#held.set(keyPrefix, held);
    return held;
  }

  #release(keyPrefix: string): void {
    this.#held.get(keyPrefix)?.close();
    this.#held.delete(keyPrefix);
  }

  /** Is the directory a marker? It is empty and removable: neither the file system's own nor a mount point. */
  #isMarker(key: string, wantedNames: readonly string[], held: HeldDirectory): boolean {
    if (!this.#markers || wantedNames.length > 0 || key === '' || !this.#isSelected(key)) return false;
    const names = unlessAbsent(() => readdirSync(held.self));
    if (names?.length !== 0 || isOfFileSystem(this.#root, key)) return false;
    return isSameMount(this.#pathOf(directoryOf(key.slice(0, -1))), this.#pathOf(key));
  }

  /** Records a directory whose entries or files the server has no permission to read. */
  #unlessUnreadable<T>(directory: string, look: () => T): T | typeof UNREADABLE {
    try {
      return look();
    } catch (error) {
      if (!NOT_ALLOWED.has(errnoOf(error) ?? '')) throw error;
      if (!isOfFileSystem(this.#root, directory)) this.#unreadable.push(directory);
      return UNREADABLE;
    }
  }

  /** Returns undefined if a name is ambiguous. */
  async #readNames(directory: Dir, keyPrefix: string): Promise<string[] | undefined> {
    const names: string[] = [];
    for (let entry = directory.readSync(), count = 1; entry !== null; entry = directory.readSync(), count++) {
      if (isAmbiguous(entry.name)) return undefined;
      this.#addWanted(names, keyPrefix, entry.name, entry);
      if (count % ENTRIES === 0 && this.#slices.isOver) await this.#slices.next();
    }
    return names;
  }

  #readBytes(path: FsPath, keyPrefix: string): string[] {
    const names: string[] = [];
    const entries = unlessAbsent(() => readdirSync(path, { withFileTypes: true, encoding: 'buffer' })) ?? [];
    for (const entry of entries) this.#addWanted(names, keyPrefix, keyFromBytes(entry.name), entry);
    return names;
  }

  #addWanted(names: string[], keyPrefix: string, entryName: string, entry: EntryKind): void {
    const name = entry.isDirectory() ? `${entryName}/` : entryName;
    if ((entry.isFile() || entry.isDirectory()) && this.#isWanted(keyPrefix + name)) names.push(name);
  }

  /** @param key the key of an existing directory, which always has a path. */
  #pathOf(key: string): FsPath {
    return pathBelow(this.#root, key.slice(0, -1)) ?? this.#root;
  }

  /** Is the key selected, or may the directory of the key, with its slash, contain selected keys? */
  #isWanted(key: string): boolean {
    if (`/${key}`.endsWith(`/${TEMPORARY_DIRECTORY}/`)) return false;
    if (this.#isLevel || !key.endsWith('/')) return this.#isSelected(key);
    const isOnPath = key.startsWith(this.#prefix) || this.#prefix.startsWith(key);
    return isOnPath && (this.#startAfter.startsWith(key) || compareKeys(key, this.#startAfter) > 0);
  }

  #isSelected(key: string): boolean {
    return key.startsWith(this.#prefix) && compareKeys(key, this.#startAfter) > 0;
  }
}

/** May the name not be valid UTF-8? As texts, such names are indistinguishable. */
function isAmbiguous(name: string): boolean {
  return name.includes('\uFFFD') || name.includes(ESCAPE);
}

function directoriesIn({ self }: HeldDirectory): string[] {
  const entries = unlessAbsent(() => readdirSync(self, { withFileTypes: true, encoding: 'buffer' })) ?? [];
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => keyFromBytes(name));
}

function entryPath(directory: HeldDirectory, name: string): FsPath | undefined {
  const entry = name.includes(ESCAPE) ? keyBytes(name) : name;
  return entry === undefined ? undefined : directory.pathOf(entry);
}

/** Is it the file system's own `lost+found`? The files that a repair puts there belong to no stage. */
function isOfFileSystem(root: string, directory: string): boolean {
  if (!/(?:^|\/)lost\+found\/$/.test(directory)) return false;
  return statSync(join(root, directory, '..'), { throwIfNoEntry: false })?.ino === TOP_INODE;
}

/** Returns the key of the directory that contains all keys with the prefix. */
export function directoryOf(prefix: string): string {
  return prefix.slice(0, prefix.lastIndexOf('/') + 1);
}

function sortedByBytes(names: string[]): string[] {
  return names.some((name) => HAS_OWN_ORDER.test(name)) ? names.sort(compareKeys) : names.sort();
}
