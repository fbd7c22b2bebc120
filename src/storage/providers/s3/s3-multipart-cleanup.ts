import { setTimeout } from 'node:timers/promises';
import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  type MultipartUpload,
} from '@aws-sdk/client-s3';
import { StorageError } from '../../contract/storage-error.js';
import { s3StorageError } from './s3-storage.errors.js';
import type { S3Store } from './s3-store.js';

const PAUSES_MILLISECONDS = [0, 100, 500, 2000];
/** How long a failed `put` may go on cleaning up before it rejects. */
const DEADLINE_MILLISECONDS = 15_000;
/** How far the store's clock may be behind ours. */
const CLOCK_TOLERANCE_MILLISECONDS = 60_000;

/**
 * Resolves when the upload's parts are gone. S3 may keep a part that arrives while the upload is being aborted, so the
 * store is asked again until it knows no such upload.
 */
export async function removeMultipartUpload(store: S3Store, key: string, uploadId: string): Promise<void> {
  const deadline = AbortSignal.timeout(DEADLINE_MILLISECONDS);
  const target = { Bucket: store.bucket, Key: key, UploadId: uploadId };
  for (const pause of PAUSES_MILLISECONDS) {
    await setTimeout(pause);
    try {
      await store.client.send(new AbortMultipartUploadCommand(target), { abortSignal: deadline });
      await store.client.send(new ListPartsCommand({ ...target, MaxParts: 1 }), { abortSignal: deadline });
    } catch (error) {
      if (isNoSuchUpload(error)) return;
      throw error;
    }
  }
  throw new StorageError('Unavailable', 'The store keeps the parts of an upload that was aborted.');
}

/**
 * An answer to CreateMultipartUpload may be lost, and the upload's id with it: removes what was begun for the key since
 * `since`, except the upload of id `keep`.
 */
export async function removeLostUploads(
  store: S3Store,
  key: string,
  { since, keep }: { readonly since: Date; readonly keep?: string | undefined },
): Promise<void> {
  const abortSignal = AbortSignal.timeout(DEADLINE_MILLISECONDS);
  const request = new ListMultipartUploadsCommand({ Bucket: store.bucket, Prefix: key });
  const { Uploads: uploads } = await store.client.send(request, { abortSignal });
  const earliest = since.getTime() - CLOCK_TOLERANCE_MILLISECONDS;
  const isLost = (upload: MultipartUpload): boolean =>
    upload.Key === key && upload.UploadId !== keep && (upload.Initiated?.getTime() ?? 0) >= earliest;
  for (const { UploadId: uploadId } of (uploads ?? []).filter(isLost)) {
    if (uploadId !== undefined) await removeMultipartUpload(store, key, uploadId);
  }
}

/** The first failure, which decides the answer, with what then hindered the cleaning up. */
export function withFailedCleanup(error: StorageError, cleanup: unknown): StorageError {
  const second = s3StorageError(cleanup, { operation: 'put' });
  return new StorageError(error.kind, error.message, {
    context: { ...error.context, cleanup: `parts may be left: ${second.message}` },
    cause: new AggregateError([error.cause ?? error, second], 'put failed, and so did its cleaning up'),
  });
}

export function isNoSuchUpload(error: unknown): boolean {
  return error instanceof Error && error.name === 'NoSuchUpload';
}
