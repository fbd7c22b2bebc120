import { CommitRejected } from '../../../contract/commit-rejected.js';
import { sourceChanged } from '../../../contract/object-source.js';
import type { CopiedObject } from '../../../multipart/object-target.js';
import { encodedKey } from '../client/s3-key-encoding.js';
import { s3StorageError } from '../s3-storage.errors.js';

/** The fields of a request that name the object to copy. */
export function copySource(
  bucket: string,
  { key, etag }: CopiedObject,
): { readonly CopySource: string; readonly CopySourceIfMatch: string | undefined } {
  return { CopySource: `${bucket}/${encodedKey(key)}`, CopySourceIfMatch: etag ?? undefined };
}

/**
 * Translates failures that are about the source: the target of the copy would take them for its own.
 *
 * @throws CommitRejected if the source is missing or has changed.
 */
export async function ofSource<Result>({ key }: CopiedObject, copy: () => Promise<Result>): Promise<Result> {
  try {
    return await copy();
  } catch (error) {
    const failure = s3StorageError(error, { operation: 'copy', key });
    if (failure.kind === 'NotFound' && isNoSuchKey(error)) throw new CommitRejected(failure);
    // The only conditions of these requests are on the source.
    if (failure.kind === 'PreconditionFailed')
      throw new CommitRejected(sourceChanged(failure.context, failure.cause));
    throw error;
  }
}

function isNoSuchKey(error: unknown): boolean {
  return error instanceof Error && error.name === 'NoSuchKey';
}
