import { oneAhead } from '../../../common/one-ahead.js';
import { listedKey } from '../../contract/listed-key.js';
import type { ListOptions, ObjectStat } from '../../contract/storage-provider.js';
import { UnlistedDirectories } from '../../contract/unlisted-directories.js';
import { objectStatWith } from './read/file-stats.js';
import { directoryOf } from './read/file-walk.js';
import { pathBelow } from './fs-path.js';
import { fsStorageError } from './fs-storage.errors.js';
import { isUnusable, type FsRoot } from './fs-root.js';
import { ThreadedWalk } from './read/threaded-walk.js';
import type { WalkedFiles } from './read/walk-request.js';
import { isOn } from '../../../config/shortcuts.js';

/** A small batch, so that the first rows are sent at once. */
const FIRST_BATCH = 10;
const BATCH = 250;

const batchesOf = isOn('listing-ahead') ? oneAhead : oneByOne;

/** Lists the files below a root in byte order of their keys, one batch ahead of the reader. */
export async function* listFiles(root: FsRoot, options: ListOptions): AsyncGenerator<readonly ObjectStat[]> {
  const { prefix = '', startAfter = '', markers = false, signal } = options;
  root.assertAvailable();
  if (!canHold(root, directoryOf(prefix))) return;
  const walk = new ThreadedWalk({ root: root.path, realRoot: root.heldRoot, prefix, startAfter, markers });
  let remaining = options.limit ?? Number.POSITIVE_INFINITY;
  let size = FIRST_BATCH;
  const unlisted: string[] = [];
  const nextBatch = async (): Promise<readonly ObjectStat[] | undefined> => {
    if (remaining <= 0) return undefined;
    signal?.throwIfAborted();
    const count = Math.min(size, remaining);
    const files = await walk.next(count);
    unlisted.push(...files.unreadable);
    remaining = files.keys.length < count ? 0 : remaining - count;
    size = BATCH;
    return objectStats(files);
  };
  try {
    for await (const batch of batchesOf(nextBatch)) if (batch.length > 0) yield batch;
  } finally {
    walk.close();
  }
  if (unlisted.length > 0) throw new UnlistedDirectories(unlisted);
}

/** Can the directory contain objects? Not behind a symbolic link, and not with a name that no key can have. */
function canHold(root: FsRoot, directory: string): boolean {
  if (directory.split('/').slice(0, -1).some(isUnusable)) return false;
  try {
    const path = pathBelow(root.path, directory.slice(0, -1));
    if (path === undefined) return false;
    root.assertExact(path);
    root.holdToRead(path).close();
    return true;
  } catch (error) {
    if (['NotFound', 'InvalidKey'].includes(fsStorageError(error, {}).kind)) return false;
    throw error;
  }
}

async function* oneByOne<Result>(next: () => Promise<Result | undefined>): AsyncGenerator<Result, undefined> {
  for (let result = await next(); result !== undefined; result = await next()) yield result;
}

function objectStats({ keys, etags, numbers }: WalkedFiles): ObjectStat[] {
  return keys.map((key, index) => {
    const stats = { size: numbers[2 * index] ?? 0, mtimeMs: numbers[2 * index + 1] ?? 0 };
    return objectStatWith(etags[index] ?? '', listedKey(key), stats);
  });
}
