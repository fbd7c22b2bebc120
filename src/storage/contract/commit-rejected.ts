import type { Orphan } from './orphan.js';
import type { PutContent, PutOptions } from './storage-provider.js';

/** Wraps the error with which the caller of a put rejects it, so that store-error translation leaves it alone. */
export class CommitRejected extends Error {
  readonly reason: Error;

  constructor(reason: Error) {
    super('the put was refused by its caller');
    this.reason = reason;
  }
}

/** Lets the caller of a put reject the object before it becomes visible. @throws CommitRejected */
export async function confirmCommit({ beforeCommit }: PutOptions, content: PutContent): Promise<void> {
  await beforeCommit?.(content).catch(rejectCommit);
}

/** Records an orphan before the put creates it. @throws CommitRejected */
export async function recordOrphan(
  { cleanupLog }: Pick<PutOptions, 'cleanupLog'>,
  orphan: Orphan,
): Promise<void> {
  await cleanupLog?.record(orphan).catch(rejectCommit);
}

function rejectCommit(error: unknown): never {
  throw new CommitRejected(error instanceof Error ? error : new TypeError(String(error)));
}
