import { TimeSlices } from '../../common/time-slices.js';
import type { FileLedgerRepository } from '../../ledger/file-ledger.repository.js';
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
 * Removes what is selected, batch by batch as it is listed.
 *
 * @returns how many files were removed.
 * @throws StageError of kind `RemovalIncomplete` where some are still there.
 */
export async function removeMatching(
  { storage, location }: StageRoot,
  ledger: FileLedgerRepository,
  selection: FileSelection,
): Promise<number> {
  let removed = 0;
  let failed = 0;
  let firstReason: Error | undefined;
  for await (const batch of matchingFiles(storage, selection)) {
    const keys = batch.map((stat) => stat.key);
    const startedAt = new Date();
    const report = await storage.remove(keys, { signal: selection.signal });
    await ledger.forget(
      location.store,
      keys.map((key) => location.prefix + key),
      startedAt,
    );
    removed += report.removed;
    failed += report.failures.length;
    firstReason ??= report.failures[0]?.error;
  }
  if (firstReason === undefined) return removed;
  throw new StageError(
    'RemovalIncomplete',
    `${String(removed)} files were removed and ${String(failed)} could not be: ${firstReason.message} Try again.`,
    { cause: firstReason },
  );
}
