import { lstatSync, type Stats } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { TimeSlices } from '../../../common/time-slices.js';
import { compareByteOrder } from '../../../common/byte-order.js';
import { listedObjectKey, type ObjectKey } from '../../contract/object-key.js';
import type { ListOptions, ObjectStat } from '../../contract/storage-provider.js';
import { errnoOf, fsStorageError } from './fs-storage.errors.js';
import { isUnusable, UNFINISHED_DIRECTORY, type FsRoot } from './fs-root.js';

/**
 * The first rows leave at once. Larger batches than this are no faster, and outlive the young generation: a listing of
 * 100,000 files then takes 60 MB more at its peak.
 */
const FIRST_BATCH = 10;
const BATCH = 50;

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

  constructor(root: FsRoot, options: ListOptions) {
    this.#root = root;
    this.#prefix = options.prefix ?? '';
    this.#startAfter = options.startAfter ?? '';
    this.#left = options.limit ?? Number.POSITIVE_INFINITY;
    this.#signal = options.signal;
  }

  async *batches(): AsyncGenerator<readonly ObjectStat[]> {
    let batch: ObjectStat[] = [];
    let size = FIRST_BATCH;
    for await (const rows of this.#rows()) {
      for (const row of rows) {
        batch.push(row);
        if (batch.length < size) continue;
        yield batch;
        batch = [];
        size = BATCH;
      }
    }
    if (batch.length > 0) yield batch;
  }

  /** Rows as they come, a slice of time each. */
  async *#rows(): AsyncGenerator<readonly ObjectStat[]> {
    const stack = await this.#firstFrames();
    while (stack.length > 0 && this.#left > 0) {
      this.#signal?.throwIfAborted();
      const rows: ObjectStat[] = [];
      const descend = this.#walkSlice(stack, rows);
      if (rows.length > 0) yield rows;
      if (descend !== undefined) stack.push(await this.#readFrame(descend));
      if (this.#slices.isOver) await this.#slices.next();
    }
  }

  /** Collects until the slice is over, or a directory must be read: its key prefix is returned. */
  #walkSlice(stack: Frame[], rows: ObjectStat[]): string | undefined {
    for (let frame = stack.at(-1); frame !== undefined && this.#left > 0; frame = stack.at(-1)) {
      const name = frame.names[frame.next++];
      if (name === undefined) {
        stack.pop();
        continue;
      }
      const key = frame.keyPrefix + name;
      if (name.endsWith('/')) return key;
      this.#collect(key, rows);
      if (rows.length >= BATCH || this.#slices.isOver) return undefined;
    }
    return undefined;
  }

  #collect(key: string, rows: ObjectStat[]): void {
    const stats = lstatSync(join(this.#root.path, key), { throwIfNoEntry: false });
    if (!stats?.isFile()) return;
    rows.push(objectStat(listedObjectKey(key), stats));
    this.#left--;
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

export function objectStat(key: ObjectKey, stats: Stats): ObjectStat {
  const changed = Math.round(stats.mtimeMs * 1000);
  const etag = `"${stats.ino.toString(36)}-${stats.size.toString(36)}-${changed.toString(36)}"`;
  return { key, size: stats.size, lastModified: stats.mtime, etag, md5: null, contentType: null };
}

function sortedByBytes(names: string[]): string[] {
  return names.some((name) => /[\uD800-\uDFFF]/.test(name)) ? names.sort(compareByteOrder) : names.sort();
}

/** A directory that went away while others were walked, or one that never was or could be. */
function isGone(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno === 'ENOENT' || errno === 'ENOTDIR' || errno === 'ENAMETOOLONG';
}
