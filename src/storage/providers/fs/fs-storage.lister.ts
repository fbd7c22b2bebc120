import { oneAhead } from '../../../common/one-ahead.js';
import type { LevelEntry } from '../../contract/levels/level-entry.js';
import { listedKey } from '../../contract/listed-key.js';
import type { LevelOptions, ListOptions, ObjectStat } from '../../contract/storage-provider.js';
import { UnlistedDirectories } from '../../contract/unlisted-directories.js';
import { objectStatWith } from './read/file-stats.js';
import { directoryOf } from './read/file-walk.js';
import { pathBelow } from './fs-path.js';
import { fsStorageError } from './fs-storage.errors.js';
import { isUnusable, type FsRoot } from './fs-root.js';
import { ThreadedWalk } from './read/threaded-walk.js';
import type { WalkedFiles, WalkScope } from './read/walk-request.js';
import { isOn } from '../../../config/shortcuts.js';

/** A small batch, so that the first rows are sent at once. */
const FIRST_BATCH = 10;
const BATCH = 250;

const batchesOf = isOn('listing-ahead') ? oneAhead : oneByOne;

/** Lists the files below a root in byte order of their keys, one batch ahead of the reader. */
export async function* listFiles(root: FsRoot, options: ListOptions): AsyncGenerator<readonly ObjectStat[]> {
  for await (const files of walked(root, options, { isLevel: false })) yield objectStats(files);
}

/** Lists one level in the same way: one directory is read, and of those in it as much as shows that they hold a file. */
export async function* listLevel(root: FsRoot, options: LevelOptions): AsyncGenerator<readonly LevelEntry[]> {
  for await (const files of walked(root, options, { isLevel: true })) {
    yield objectStats(files).map((stat) => (stat.key.endsWith('/') ? { prefix: stat.key } : stat));
  }
}

async function* walked(
  root: FsRoot,
  options: ListOptions,
  { isLevel }: Pick<WalkScope, 'isLevel'>,
): AsyncGenerator<WalkedFiles> {
  const { prefix = '', startAfter = '', markers = false, signal } = options;
  root.assertAvailable();
  if (!canHold(root, directoryOf(prefix))) return;
  const scope = { root: root.path, realRoot: root.heldRoot, prefix, startAfter, markers, isLevel };
  const walk = new ThreadedWalk(scope);
  let remaining = options.limit ?? Number.POSITIVE_INFINITY;
  let size = FIRST_BATCH;
  const unlisted: string[] = [];
  const onUnlisted = options.onUnlisted ?? ((directories) => unlisted.push(...directories));
  const nextBatch = async (): Promise<WalkedFiles | undefined> => {
    if (remaining <= 0) return undefined;
    signal?.throwIfAborted();
    const count = Math.min(size, remaining);
    const files = await walk.next(count);
    remaining = files.keys.length < count ? 0 : remaining - count;
    size = BATCH;
    return files;
  };
  try {
    for await (const files of batchesOf(nextBatch)) {
      if (files.unreadable.length > 0) onUnlisted(files.unreadable);
      if (files.keys.length > 0) yield files;
    }
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
