import type { ErrorContext } from '../../common/app-error.js';
import { StorageError } from './storage-error.js';
import type { ObjectStat, PutCondition } from './storage-provider.js';

/**
 * Compares a condition with what is there.
 *
 * @param there the object; undefined where there is none.
 * @throws StorageError of kind `PreconditionFailed` where the condition does not hold.
 */
export function requireCondition(
  condition: PutCondition | undefined,
  there: Pick<ObjectStat, 'etag'> | undefined,
  context: ErrorContext,
): void {
  if (condition === undefined) return;
  const isMet =
    condition.kind === 'absent'
      ? there === undefined
      : there !== undefined && there.etag !== null && there.etag === condition.etag;
  if (!isMet) throw preconditionFailed(condition, context);
}

export function preconditionFailed(
  condition: PutCondition,
  context: ErrorContext,
  cause?: unknown,
): StorageError {
  return new StorageError('PreconditionFailed', SENTENCES[condition.kind], { context, cause });
}

/** What a removal says that was asked for another object of that name. */
export function otherEtag(context: ErrorContext, cause?: unknown): StorageError {
  return preconditionFailed({ kind: 'etag', etag: '' }, context, cause);
}

const SENTENCES: Readonly<Record<PutCondition['kind'], string>> = {
  absent: 'A file of that name is there already: nothing was changed.',
  etag: 'The file of that name is not the one with that ETag, or is gone: nothing was changed.',
};
