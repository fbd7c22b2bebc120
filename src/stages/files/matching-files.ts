import { TimeSlices } from '../../common/time-slices.js';
import type { FileLedgerRepository } from '../../ledger/file-ledger.repository.js';
import type { ObjectStat, StorageProvider } from '../../storage/contract/storage-provider.js';
import type { FilePattern } from './file-pattern.js';
import { StageError } from '../stage-error.js';
import type { StageRoot } from './stage-storage.js';

/** A file that is hidden appears on the next pass; who uploads all the while is not waited for. */
const MAX_PASSES = 100;

export interface FileSelection {
  /** A plain string prefix. */
  readonly prefix: string;
  /** Tried on what follows the prefix. */
  readonly pattern?: FilePattern | undefined;
  readonly startAfter?: string | undefined;
  readonly limit?: number | undefined;
  /** With the markers of directories, as in `ListOptions`. */
  readonly markers?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The files that prefix and pattern select, in byte order, in batches that are never empty. */
export async function* matchingFiles(
  storage: StorageProvider,
  { pattern, limit = Number.POSITIVE_INFINITY, ...options }: FileSelection,
): AsyncGenerator<readonly ObjectStat[]> {
  if (pattern === undefined) {
    yield* storage.list(Number.isFinite(limit) ? { ...options, limit } : options);
    return;
  }
  let left = limit;
  for await (const batch of storage.list(options)) {
    const matches = (await matching(batch, pattern, options)).slice(0, left);
    if (matches.length > 0) yield matches;
    left -= matches.length;
    if (left <= 0) return;
  }
}

async function matching(
  batch: readonly ObjectStat[],
  pattern: FilePattern,
  { prefix, signal }: FileSelection,
): Promise<ObjectStat[]> {
  const slices = new TimeSlices();
  const matches: ObjectStat[] = [];
  for (const stat of batch) {
    if (pattern.matches(stat.key.slice(prefix.length))) matches.push(stat);
    if (!slices.isOver) continue;
    await slices.next();
    if (signal?.aborted === true) return matches; // the listing itself then says so
  }
  return matches;
}

/**
 * Removes what is selected, batch by batch as it is listed, the markers of directories with it, until nothing is listed any
 * more: a store may hide a file below another one, and show it when that is gone.
 *
 * @returns how many files were removed. A marker is no file.
 * @throws StageError of kind `RemovalIncomplete` where some are still there.
 */
export async function removeMatching(
  stage: StageRoot,
  ledger: FileLedgerRepository,
  selection: FileSelection,
): Promise<number> {
  let removed = 0;
  for (let pass = 1; pass <= MAX_PASSES; pass++) {
    const found = await removeListed(stage, ledger, selection);
    removed += found.removed;
    if (found.firstReason !== undefined) {
      throw new StageError(
        'RemovalIncomplete',
        `${String(removed)} files were removed and ${String(found.failed)} could not be: ${found.firstReason.message} Try again.`,
        { cause: found.firstReason },
      );
    }
    if (found.objects === 0) break;
  }
  return removed;
}

interface Removal {
  readonly objects: number;
  /** Files. */
  readonly removed: number;
  readonly failed: number;
  readonly firstReason: Error | undefined;
}

async function removeListed(
  { storage, location }: StageRoot,
  ledger: FileLedgerRepository,
  selection: FileSelection,
): Promise<Removal> {
  let [objects, removed, failed] = [0, 0, 0];
  let firstReason: Error | undefined;
  for await (const batch of matchingFiles(storage, { ...selection, markers: true })) {
    const keys = batch.map((stat) => stat.key);
    const startedAt = new Date();
    const { failures } = await storage.remove(keys, { signal: selection.signal });
    await ledger.forget(
      location.store,
      keys.map((key) => location.prefix + key),
      startedAt,
    );
    const failedKeys = new Set(failures.map(({ key }) => key));
    objects += batch.length;
    removed += batch.filter((stat) => !isMarker(stat) && !failedKeys.has(stat.key)).length;
    failed += failures.length;
    firstReason ??= failures[0]?.error;
  }
  return { objects, removed, failed, firstReason };
}

function isMarker({ key, size }: ObjectStat): boolean {
  return size === 0 && (key === '' || key.endsWith('/'));
}
