import { TimeSlices } from '../../common/time-slices.js';
import type { FileMetadataRepository } from '../../file-metadata/file-metadata.repository.js';
import { isMarker } from '../../storage/contract/marker.js';
import { isProbe } from '../../storage/contract/object-key.js';
import type { StorageErrorKind } from '../../storage/contract/storage-error.js';
import type { ObjectStat, RemoveFailure, StorageProvider } from '../../storage/contract/storage-provider.js';
import { UnlistedDirectories } from '../../storage/contract/unlisted-directories.js';
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
    yield* withoutProbes(storage, options, limit);
    return;
  }
  let remaining = limit;
  for await (const batch of withoutProbes(storage, options, Infinity)) {
    const matches = (await matching(batch, pattern, options)).slice(0, remaining);
    if (matches.length > 0) yield matches;
    remaining -= matches.length;
    if (remaining <= 0) return;
  }
}

/** What checks write is no file: a removal of everything takes it, and nothing shows it. */
async function* withoutProbes(
  storage: StorageProvider,
  options: Omit<FileSelection, 'pattern' | 'limit'>,
  limit: number,
): AsyncGenerator<readonly ObjectStat[]> {
  let [left, last] = [limit, options.startAfter];
  let hasHidden = true;
  while (hasHidden && left > 0) {
    hasHidden = false;
    const selection = { ...options, startAfter: last };
    for await (const batch of storage.list(
      Number.isFinite(left) ? { ...selection, limit: left } : selection,
    )) {
      last = batch.at(-1)?.key;
      const files = options.markers === true ? batch : batch.filter(({ key }) => !isProbe(key));
      // The place of one that is left out is another's.
      hasHidden ||= Number.isFinite(left) && files.length < batch.length;
      left -= files.length;
      if (files.length > 0) yield files;
    }
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
  fileMetadata: FileMetadataRepository,
  selection: FileSelection,
): Promise<number> {
  let removed = 0;
  let earlier: string | undefined;
  // A file that was hidden by another one appears on the next pass.
  for (;;) {
    const found = await removeListed(stage, fileMetadata, selection);
    removed += found.removed;
    if (found.failures.length > 0) throw removalIncomplete(removed, found);
    if (found.unlisted !== undefined) throw unlisted(removed, found.unlisted);
    if (found.firstKey === undefined) return removed;
    if (found.firstKey === earlier) throw stillListed(found.firstKey);
    earlier = found.firstKey;
  }
}

function unlisted(removed: number, cause: UnlistedDirectories): StageError {
  return new StageError('RemovalIncomplete', `${String(removed)} files were removed. ${cause.message}`, {
    cause,
  });
}

const NAMED_FAILURES = 3;
/** What may be otherwise at the next try. */
const PASSING: readonly StorageErrorKind[] = ['Unavailable', 'RateLimited', 'Aborted'];

/** Names the first files that are still there, each with its reason. */
function removalIncomplete(removed: number, { failed, failures }: Removal): StageError {
  const reasons = failures.map(({ key, error }) => `${quoted(key)}: ${error.message}`);
  const more = failed > failures.length ? ` And ${String(failed - failures.length)} more.` : '';
  const advice = failures.some(({ error }) => PASSING.includes(error.kind)) ? ' Try again.' : '';
  return new StageError(
    'RemovalIncomplete',
    `${String(removed)} files were removed and ${String(failed)} could not be. ${reasons.join(' ')}${more}${advice}`,
    { cause: failures[0]?.error },
  );
}

function quoted(key: string): string {
  return JSON.stringify(key.slice(0, 200).toWellFormed());
}

/** The store has not removed it, or somebody uploads it all the while: there would be no end of passes. */
function stillListed(key: string): StageError {
  return new StageError(
    'RemovalIncomplete',
    `The file ${quoted(key)} is still listed after it was removed. Look what writes it, and try again.`,
  );
}

interface Removal {
  readonly firstKey: string | undefined;
  /** Files. */
  readonly removed: number;
  readonly failed: number;
  /** The first of those. */
  readonly failures: readonly RemoveFailure[];
  /** What could be listed is removed all the same. */
  readonly unlisted: UnlistedDirectories | undefined;
}

async function removeListed(
  stage: StageRoot,
  fileMetadata: FileMetadataRepository,
  selection: FileSelection,
): Promise<Removal> {
  const failures: RemoveFailure[] = [];
  const found = { removed: 0, failed: 0, firstKey: undefined, unlisted: undefined };
  const removal: { -readonly [Key in keyof Removal]: Removal[Key] } = { ...found, failures };
  try {
    for await (const batch of matchingFiles(stage.storage, { ...selection, markers: true })) {
      const failed = await removeBatch(stage, fileMetadata, batch, selection.signal);
      const failedKeys = new Set(failed.map(({ key }) => key));
      removal.firstKey ??= batch[0]?.key;
      removal.removed += batch.filter((stat) => isFile(stat) && !failedKeys.has(stat.key)).length;
      removal.failed += failed.length;
      failures.push(...failed.slice(0, NAMED_FAILURES - failures.length));
      if (failed.some(({ error }) => error.kind === 'Unavailable')) break; // the others would wait for it, too
    }
  } catch (error) {
    if (!(error instanceof UnlistedDirectories)) throw error;
    removal.unlisted = error;
  }
  return removal;
}

async function removeBatch(
  { storage, location }: StageRoot,
  fileMetadata: FileMetadataRepository,
  batch: readonly ObjectStat[],
  signal: AbortSignal | undefined,
): Promise<readonly RemoveFailure[]> {
  const keys = batch.map(({ key }) => key);
  const startedAt = new Date();
  const { failures } = await storage.remove(keys, { signal });
  const objectKeys = keys.map((key) => location.prefix + key);
  await fileMetadata.forget(location.store, objectKeys, startedAt);
  return failures;
}

/** A marker of a directory is none, and neither is what a check of the stage has left. */
function isFile(stat: ObjectStat): boolean {
  return !isMarker(stat) && !isProbe(stat.key);
}
