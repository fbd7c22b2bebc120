import type { ErrorContext } from '../../common/app-error.js';
import { StorageError } from './storage-error.js';
import type { ObjectStat, PutCondition } from './storage-provider.js';

/**
 * Checks a condition against the existing object.
 *
 * @param existing the object; undefined if none exists.
 * @throws StorageError of kind `PreconditionFailed` if the condition does not hold.
 */
export function assertCondition(
  condition: PutCondition | undefined,
  existing: Pick<ObjectStat, 'etag'> | undefined,
  context: ErrorContext,
): void {
  if (condition === undefined) return;
  const isMet =
    condition.kind === 'absent'
      ? existing === undefined
      : existing !== undefined && existing.etag !== null && existing.etag === condition.etag;
  if (!isMet) throw preconditionFailed(condition, context);
}

export function preconditionFailed(
  condition: PutCondition,
  context: ErrorContext,
  cause?: unknown,
): StorageError {
  return new StorageError('PreconditionFailed', SENTENCES[condition.kind], { context, cause });
}

/** The error of a removal whose etag is not the object's. */
export function etagMismatch(context: ErrorContext, cause?: unknown): StorageError {
  return preconditionFailed({ kind: 'etag', etag: '' }, context, cause);
}

const SENTENCES: Readonly<Record<PutCondition['kind'], string>> = {
  absent: 'A file of that name is there already: nothing was changed.',
  etag: 'The file of that name is not the one with that ETag, or is gone: nothing was changed.',
};
