import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { oneAhead } from '../../../common/one-ahead.js';
import { TimeSlices } from '../../../common/time-slices.js';
import { compareByteOrder } from '../../../common/byte-order.js';
import { listedObjectKey, type ObjectKey } from '../../contract/object-key.js';
import type { ListOptions, ObjectStat } from '../../contract/storage-provider.js';
import { fileStats, type FileStats } from './file-stats.js';
import { errnoOf, fsStorageError } from './fs-storage.errors.js';
import { isUnusable, UNFINISHED_DIRECTORY, type FsRoot } from './fs-root.js';
import { manyFileStats } from './stat-thread.js';

/** The first rows leave at once. */
const FIRST_BATCH = 10;
const BATCH = 250;
/** So many files are looked up here before a thread is asked: short listings need none. */
const LOOKED_UP_HERE = 250;

/** One directory on the way down: its names in order, directories with a slash at their end. */
interface Frame {
  readonly keyPrefix: string;
  readonly names: readonly string[];
  next: number;
}

/**
 * Walks depth-first with every directory sorted as `name/`: that is the byte order of whole keys. One directory's names
 * are in memory at a time, for each level. Symbolic links, special files and names that are no UTF-8 are left out.
 */
export class FsLister {
  readonly #root: FsRoot;
  readonly #prefix: string;
  readonly #startAfter: string;
  readonly #signal: AbortSignal | undefined;
  /** A synchronous stat is three times as fast as an awaited one; in slices of time it delays nobody. */
  readonly #slices = new TimeSlices();
  #left: number;
  #lookedUp = 0;

  constructor(root: FsRoot, options: ListOptions) {
    this.#root = root;
    this.#prefix = options.prefix ?? '';
    this.#startAfter = options.startAfter ?? '';
    this.#left = options.limit ?? Number.POSITIVE_INFINITY;
    this.#signal = options.signal;
  }

  async *batches(): AsyncGenerator<readonly ObjectStat[]> {
    for await (const found of oneAhead(this.#keys(), (keys) => this.#lookUp(keys))) {
      const rows = found.slice(0, this.#left);
      this.#left -= rows.length;
      if (rows.length > 0) yield rows;
      if (this.#left <= 0) return;
    }
  }

  /** Of what was a file when its directory was read, a batch at a time. */
  async *#keys(): AsyncGenerator<readonly string[]> {
    const stack = await this.#firstFrames();
    let keys: string[] = [];
    let size = FIRST_BATCH;
    for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
      const name = frame.names[frame.next++];
      if (name === undefined) stack.pop();
      else if (name.endsWith('/')) stack.push(await this.#readFrame(frame.keyPrefix + name));
      else if (keys.push(frame.keyPrefix + name) >= Math.min(size, this.#left)) {
        yield keys;
        keys = [];
        size = BATCH;
      }
    }
    if (keys.length > 0) yield keys;
  }

  async #lookUp(keys: readonly string[]): Promise<readonly ObjectStat[]> {
    this.#signal?.throwIfAborted();
    const stats = await this.#statsOf(keys);
    return keys.flatMap((key, index) => {
      const stat = stats[index];
      return stat === undefined ? [] : [objectStat(listedObjectKey(key), stat)];
    });
  }

  async #statsOf(keys: readonly string[]): Promise<readonly (FileStats | undefined)[]> {
    this.#lookedUp += keys.length;
    if (this.#lookedUp > LOOKED_UP_HERE)
      return manyFileStats({ directory: `${this.#root.path}/`, names: keys });
    if (this.#slices.isOver) await this.#slices.next();
    return keys.map((key) => fileStats(join(this.#root.path, key)));
  }

  async #firstFrames(): Promise<Frame[]> {
    const directory = this.#prefix.slice(0, this.#prefix.lastIndexOf('/') + 1);
    if (directory.split('/').slice(0, -1).some(isUnusable)) return [];
    try {
      this.#root.refuseLinks(join(this.#root.path, directory.slice(0, -1)));
      return [await this.#readFrame(directory)];
    } catch (error) {
      if (fsStorageError(error, {}).kind === 'NotFound') return [];
      throw error;
    }
  }

  async #readFrame(keyPrefix: string): Promise<Frame> {
    const names: string[] = [];
    try {
      for await (const entry of await opendir(join(this.#root.path, keyPrefix), { bufferSize: 1000 })) {
        const name = entry.isDirectory() ? `${entry.name}/` : entry.name;
        if ((entry.isFile() || entry.isDirectory()) && this.#isWanted(keyPrefix + name)) names.push(name);
      }
    } catch (error) {
      if (!isGone(error)) throw error;
    }
    return { keyPrefix, names: sortedByBytes(names), next: 0 };
  }

  /** For a directory's key, with its slash: may it hold wanted keys? */
  #isWanted(key: string): boolean {
    if (`/${key}`.endsWith(`/${UNFINISHED_DIRECTORY}/`) || key.includes('\uFFFD')) return false;
    if (!key.endsWith('/'))
      return key.startsWith(this.#prefix) && compareByteOrder(key, this.#startAfter) > 0;
    const onTheWay = key.startsWith(this.#prefix) || this.#prefix.startsWith(key);
    return onTheWay && (this.#startAfter.startsWith(key) || compareByteOrder(key, this.#startAfter) > 0);
  }
}

export function objectStat(key: ObjectKey, { size, mtimeMs, ino }: FileStats): ObjectStat {
  const changed = Math.round(mtimeMs * 1000);
  const etag = `"${ino.toString(36)}-${size.toString(36)}-${changed.toString(36)}"`;
  return { key, size, lastModified: new Date(Math.round(mtimeMs)), etag, md5: null, contentType: null };
}

function sortedByBytes(names: string[]): string[] {
  return names.some((name) => /[\uD800-\uDFFF]/.test(name)) ? names.sort(compareByteOrder) : names.sort();
}

/** A directory that went away while others were walked, or one that never was or could be. */
function isGone(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno === 'ENOENT' || errno === 'ENOTDIR' || errno === 'ENAMETOOLONG';
}
