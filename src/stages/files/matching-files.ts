import { TimeSlices } from '../../common/time-slices.js';
import type { FileLedgerRepository } from '../../ledger/file-ledger.repository.js';
import { isMarker } from '../../storage/contract/marker.js';
import type { ObjectStat, StorageProvider } from '../../storage/contract/storage-provider.js';
import type { FilePattern } from './file-pattern.js';
import { StageError } from '../stage-error.js';
import type { StageRoot } from './stage-storage.js';

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
  let earlier: string | undefined;
  // A file that was hidden by another one appears on the next pass.
  for (;;) {
    const found = await removeListed(stage, ledger, selection);
    removed += found.removed;
    if (found.firstReason !== undefined) {
      throw new StageError(
        'RemovalIncomplete',
        `${String(removed)} files were removed and ${String(found.failed)} could not be: ${found.firstReason.message} Try again.`,
        { cause: found.firstReason },
      );
    }
    if (found.firstKey === undefined) return removed;
    if (found.firstKey === earlier) throw stillListed(found.firstKey);
    earlier = found.firstKey;
  }
}

/** The store has not removed it, or somebody uploads it all the while: there would be no end of passes. */
function stillListed(key: string): StageError {
  const name = JSON.stringify(key.slice(0, 200).toWellFormed());
  return new StageError(
    'RemovalIncomplete',
    `The file ${name} is still listed after it was removed. Look what writes it, and try again.`,
  );
}

interface Removal {
  readonly firstKey: string | undefined;
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
  let [removed, failed] = [0, 0];
  let firstKey: string | undefined;
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
    firstKey ??= keys[0];
    removed += batch.filter((stat) => !isMarker(stat) && !failedKeys.has(stat.key)).length;
    failed += failures.length;
    firstReason ??= failures[0]?.error;
  }
  return { firstKey, removed, failed, firstReason };
}
