import { changed } from '../../audit/events/audit-event.js';
import { auditStatement, type AuditStatement } from '../../audit/events/audit-statement.js';
import { TimeSlices } from '../../common/time-slices.js';
import type { FileMetadataRepository } from '../../file-metadata/file-metadata.repository.js';
import { isMarker } from '../../storage/contract/marker.js';
import { isProbe } from '../../storage/contract/object-key.js';
import type { StorageErrorKind } from '../../storage/contract/storage-error.js';
import type {
  ListPaging,
  ObjectStat,
  RemoveFailure,
  StorageProvider,
} from '../../storage/contract/storage-provider.js';
import { UnlistedDirectories } from '../../storage/contract/unlisted-directories.js';
import type { FilePattern } from './file-pattern.js';
import { StageError } from '../stage-error.js';
import { auditedStage } from '../stage-object.js';
import type { ActedOnStage } from './stage-storage.js';

export interface FileSelection {
  /** A plain text prefix. */
  readonly prefix: string;
  /** Matched against the rest of the key after the prefix. */
  readonly pattern?: FilePattern | undefined;
  readonly startAfter?: string | undefined;
  readonly limit?: number | undefined;
  /** Includes directory markers, as in `ListOptions`. */
  readonly markers?: boolean | undefined;
  readonly paging?: ListPaging | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Lists the files that match prefix and pattern, in byte order. Batches are never empty. */
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

/** Hides probe objects of stage checks from listings. A removal of everything includes them. */
async function* withoutProbes(
  storage: StorageProvider,
  { paging, ...options }: Omit<FileSelection, 'pattern' | 'limit'>,
  limit: number,
): AsyncGenerator<readonly ObjectStat[]> {
  let [remaining, last] = [limit, options.startAfter];
  let hasHidden = true;
  while (hasHidden && remaining > 0) {
    hasHidden = false;
    const selection = { ...options, ...paging, startAfter: last };
    for await (const batch of storage.list(
      Number.isFinite(remaining) ? { ...selection, limit: remaining } : selection,
    )) {
      last = batch.at(-1)?.key;
      const files = options.markers === true ? batch : batch.filter(({ key }) => !isProbe(key));
      // Hidden probes used up part of the limit: list on.
      hasHidden ||= Number.isFinite(remaining) && files.length < batch.length;
      remaining -= files.length;
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
    if (signal?.aborted === true) return matches; // the listing then throws the abort
  }
  return matches;
}

/**
 * Removes all selected files and directory markers, in batches as they are listed. Repeats until nothing is listed: a
 * store may hide a file below another one, and list it after that one is removed.
 *
 * @returns the number of removed files, without markers.
 * @throws StageError of kind `RemovalIncomplete` if some files remain.
 */
export async function removeMatching(
  stage: ActedOnStage,
  fileMetadata: FileMetadataRepository,
  selection: FileSelection,
): Promise<number> {
  let removed = 0;
  let previousKey: string | undefined;
  // A file that was hidden by another one appears in the next pass.
  for (;;) {
    const pass = await removeListed(stage, fileMetadata, selection);
    removed += pass.removed;
    if (pass.failures.length > 0) throw removalIncomplete(removed, pass);
    if (pass.unlisted !== undefined) throw unlisted(removed, pass.unlisted);
    if (pass.firstKey === undefined) return removed;
    if (pass.firstKey === previousKey) throw stillListed(pass.firstKey);
    previousKey = pass.firstKey;
  }
}

function unlisted(removed: number, cause: UnlistedDirectories): StageError {
  return new StageError('RemovalIncomplete', `${String(removed)} files were removed. ${cause.message}`, {
    cause,
  });
}

const NAMED_FAILURES = 3;
/** Characters of a name in an event. */
const MAX_NAME = 512;
/** Errors that a retry may resolve. */
const TRANSIENT_KINDS: readonly StorageErrorKind[] = ['Unavailable', 'RateLimited', 'Aborted'];

/** Names the first remaining files, each with its reason. */
function removalIncomplete(removed: number, { failed, failures }: Removal): StageError {
  const reasons = failures.map(({ key, error }) => `${quoted(key)}: ${error.message}`);
  const more = failed > failures.length ? ` And ${String(failed - failures.length)} more.` : '';
  const advice = failures.some(({ error }) => TRANSIENT_KINDS.includes(error.kind)) ? ' Try again.' : '';
  return new StageError(
    'RemovalIncomplete',
    `${String(removed)} files were removed and ${String(failed)} could not be. ${reasons.join(' ')}${more}${advice}`,
    { cause: failures[0]?.error },
  );
}

function quoted(key: string): string {
  return JSON.stringify(key.slice(0, 200).toWellFormed());
}

/** Ends the passes if the store has not removed the file, or if a client uploads it again and again. */
function stillListed(key: string): StageError {
  return new StageError(
    'RemovalIncomplete',
    `The file ${quoted(key)} is still listed after it was removed. Look what writes it, and try again.`,
  );
}

interface Removal {
  readonly firstKey: string | undefined;
  /** Number of files. */
  readonly removed: number;
  readonly failed: number;
  /** The first of the failures. */
  readonly failures: readonly RemoveFailure[];
  /** Set if some directories could not be listed; everything else is removed. */
  readonly unlisted: UnlistedDirectories | undefined;
}

async function removeListed(
  stage: ActedOnStage,
  fileMetadata: FileMetadataRepository,
  selection: FileSelection,
): Promise<Removal> {
  const failures: RemoveFailure[] = [];
  const empty = { removed: 0, failed: 0, firstKey: undefined, unlisted: undefined };
  const removal: { -readonly [Key in keyof Removal]: Removal[Key] } = { ...empty, failures };
  try {
    for await (const batch of matchingFiles(stage.storage, { ...selection, markers: true })) {
      const { removed, failed } = await removeBatch(stage, fileMetadata, batch, selection);
      removal.firstKey ??= batch[0]?.key;
      removal.removed += removed;
      removal.failed += failed.length;
      failures.push(...failed.slice(0, NAMED_FAILURES - failures.length));
      if (failed.some(({ error }) => error.kind === 'Unavailable')) break; // the other batches would fail too
    }
  } catch (error) {
    if (!(error instanceof UnlistedDirectories)) throw error;
    removal.unlisted = error;
  }
  return removal;
}

interface RemovedBatch {
  /** Number of files. */
  readonly removed: number;
  readonly failed: readonly RemoveFailure[];
}

/** Removes a batch, and forgets its files in one commit with the event of the batch. */
async function removeBatch(
  stage: ActedOnStage,
  fileMetadata: FileMetadataRepository,
  batch: readonly ObjectStat[],
  selection: FileSelection,
): Promise<RemovedBatch> {
  const { storage, location } = stage;
  const keys = batch.map(({ key }) => key);
  const removedAt = new Date();
  const { failures } = await storage.remove(keys, { signal: selection.signal });
  const failedKeys = new Set(failures.map(({ key }) => key));
  const removed = batch.filter((stat) => isFile(stat) && !failedKeys.has(stat.key));
  const objectKeys = keys.map((key) => location.prefix + key);
  const event = removed.length === 0 ? undefined : removalEvent(stage, removed, selection);
  await fileMetadata.forget(location, objectKeys, removedAt, event);
  return { removed: removed.length, failed: failures };
}

/** One event a batch: its first and last name bound the others, which come in byte order. */
function removalEvent(
  { stage, actor }: ActedOnStage,
  removed: readonly ObjectStat[],
  { prefix, pattern }: FileSelection,
): AuditStatement {
  const [first, last] = [removed[0]?.key, removed.at(-1)?.key];
  const range = { first: first?.slice(0, MAX_NAME), last: last?.slice(0, MAX_NAME) };
  const facts = {
    stage: auditedStage(stage),
    path: removed.length === 1 ? first : prefix,
    bytes: removed.reduce((bytes, { size }) => bytes + size, 0),
    count: removed.length,
    detail: { prefix: prefix.slice(0, MAX_NAME), pattern: pattern?.text.slice(0, MAX_NAME), ...range },
  };
  return auditStatement(changed('file.remove', actor, facts));
}

/** Excludes directory markers and probe objects. */
function isFile(stat: ObjectStat): boolean {
  return !isMarker(stat) && !isProbe(stat.key);
}
