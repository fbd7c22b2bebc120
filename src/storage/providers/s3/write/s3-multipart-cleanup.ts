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
/** How long a failed `put` may go on cleaning up before it rejects, where the store may be silent for long. */
const MAX_DEADLINE_MILLISECONDS = 15_000;
/** How far the store's clock may be from ours. */
const CLOCK_TOLERANCE_MILLISECONDS = 60_000;
/** A request that creates an upload, with its retries, is over so long after it was noted. */
const CREATION_MILLISECONDS = 90_000;

/**
 * Resolves when the upload's parts are gone. S3 may keep a part that arrives while the upload is being aborted, so the
 * store is asked again until it knows no such upload.
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
 * An answer to CreateMultipartUpload may be lost, and the upload's id with it: removes what was begun for the key when that
 * answer was waited for.
 *
 * @param kept ids of uploads that are not to be touched, asked for when it is known which there are.
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

/** A put that has failed by the store's silence has only the rest of the time in which it has to be answered. */
function deadlineOf({ timing }: S3Store): AbortSignal {
  return AbortSignal.timeout(Math.min(MAX_DEADLINE_MILLISECONDS, timing.retryMs));
}

/** By the id that was noted, else by the key: then everything that was begun in that time and is nobody else's. */
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
  const message = 'Another upload of that key is just beginning: which one is left is not to be told yet.';
  throw new StorageError('Unavailable', message, { context: { scheme: 's3', key } });
}

export function isNoSuchUpload(error: unknown): boolean {
  return error instanceof Error && error.name === 'NoSuchUpload';
}
