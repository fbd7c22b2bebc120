import { setTimeout } from 'node:timers/promises';
import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  type MultipartUpload,
} from '@aws-sdk/client-s3';
import type { Orphan, RemoveOrphanOptions } from '../../../contract/orphan.js';
import { StorageError } from '../../../contract/storage-error.js';
import type { S3Store } from '../client/s3-store.js';

const PAUSES_MILLISECONDS = [0, 100, 500, 2000];
/** The longest cleanup of a failed `put` before it rejects, because the store may be silent for long. */
const MAX_DEADLINE_MILLISECONDS = 15_000;
/** Tolerated difference between the store's clock and this server's. */
const CLOCK_TOLERANCE_MILLISECONDS = 60_000;
/** The longest time from the record of an upload to the end of the request that creates it, including retries. */
const CREATION_MILLISECONDS = 90_000;

/**
 * Aborts an upload and resolves when its parts are gone. S3 may keep a part that arrives during the abort, so the abort is
 * repeated until the store knows no such upload.
 */
export async function removeMultipartUpload(store: S3Store, key: string, uploadId: string): Promise<void> {
  const deadline = deadlineOf(store);
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
 * Removes uploads whose ids were lost with the answer to CreateMultipartUpload: all uploads of the key that began while that
 * answer was awaited.
 *
 * @param kept returns the ids of uploads to keep; called after the uploads were listed.
 */
export async function removeLostUploads(
  store: S3Store,
  { key, since = '' }: Orphan,
  kept: () => Promise<readonly string[]>,
): Promise<void> {
  const recordedAt = new Date(since).getTime();
  const isFromThatTime = ({ Initiated }: MultipartUpload): boolean => {
    const initiated = Initiated?.getTime() ?? recordedAt;
    return (
      initiated >= recordedAt - CLOCK_TOLERANCE_MILLISECONDS &&
      initiated <= recordedAt + CREATION_MILLISECONDS + CLOCK_TOLERANCE_MILLISECONDS
    );
  };
  const ids = (await uploadsOf(store, key)).filter(isFromThatTime).map(({ UploadId: id }) => id);
  if (ids.length === 0) return;
  const keptIds = await kept();
  for (const id of ids) {
    if (id !== undefined && !keptIds.includes(id)) await removeMultipartUpload(store, key, id);
  }
}

async function uploadsOf(store: S3Store, key: string): Promise<readonly MultipartUpload[]> {
  const abortSignal = deadlineOf(store);
  const request = new ListMultipartUploadsCommand({ Bucket: store.bucket, Prefix: key });
  const { Uploads: uploads = [], Bucket: bucket } = await store.client.send(request, { abortSignal });
  if (bucket === undefined) {
    throw new StorageError('Unexpected', "The store's answer is not a list of uploads.");
  }
  return uploads.filter(({ Key }) => Key === key);
}

/** Limits the cleanup to the time that a put has left after it failed because the store was silent. */
function deadlineOf({ timing }: S3Store): AbortSignal {
  return AbortSignal.timeout(Math.min(MAX_DEADLINE_MILLISECONDS, timing.retryMs));
}

/** Removes an upload by its recorded id. Without an id, removes the key's uploads of that time that no other put has recorded. */
export async function removeRecordedUpload(
  store: S3Store,
  orphan: Orphan,
  { others }: RemoveOrphanOptions,
): Promise<void> {
  const { key, uploadId } = orphan;
  if (uploadId === undefined) {
    await removeLostUploads(store, orphan, async () => uploadIdsOf(key, (await others?.()) ?? []));
  } else {
    await removeMultipartUpload(store, key, uploadId);
  }
}

function uploadIdsOf(key: string, others: readonly Orphan[]): readonly string[] {
  const ids = others.flatMap((other) => (other['uploadId'] === undefined ? [] : [other['uploadId']]));
  if (ids.length === others.length) return ids;
  const message =
    'Another upload of that key is just beginning: which of the two is the orphan is not known yet.';
  throw new StorageError('Unavailable', message, { context: { scheme: 's3', key } });
}

export function isNoSuchUpload(error: unknown): boolean {
  return error instanceof Error && error.name === 'NoSuchUpload';
}
