import type { Orphan } from './orphan.js';
import type { PutContent, PutOptions } from './storage-provider.js';

/** Carries what the caller of a put has said no with past whatever translates a store's errors. */
export class CommitRejected extends Error {
  readonly reason: Error;

  constructor(reason: Error) {
    super('the put was refused by its caller');
    this.reason = reason;
  }
}

/** Asks the caller of a put whether the object may appear. @throws CommitRejected */
export async function confirmCommit({ beforeCommit }: PutOptions, content: PutContent): Promise<void> {
  await beforeCommit?.(content).catch(rejectCommit);
}

/** Has the caller of a put note what is about to be made. @throws CommitRejected */
export async function recordOrphan(
  { cleanupLog }: Pick<PutOptions, 'cleanupLog'>,
  orphan: Orphan,
): Promise<void> {
  await cleanupLog?.record(orphan).catch(rejectCommit);
}

function rejectCommit(error: unknown): never {
  throw new CommitRejected(error instanceof Error ? error : new TypeError(String(error)));
}
