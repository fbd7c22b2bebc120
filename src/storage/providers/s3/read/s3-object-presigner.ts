import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { StorageError } from '../../../contract/storage-error.js';
import type { PresignedRequest, PresignOptions, PresignTarget } from '../../../contract/storage-provider.js';
import type { S3Store } from '../client/s3-store.js';

/** Seven days, the longest that signature version 4 knows. */
const MAX_EXPIRY_SECONDS = 604_800;

/** Signed here, without asking the store. The payload is not signed, a declared content type is. */
export async function presignObject(
  store: S3Store,
  target: PresignTarget,
  options: PresignOptions,
): Promise<PresignedRequest> {
  const { method, key } = target;
  const contentType = method === 'PUT' ? target.contentType : undefined;
  const { expiresInSeconds, signal } = options;
  signal?.throwIfAborted();
  if (expiresInSeconds > MAX_EXPIRY_SECONDS) {
    throw new StorageError(
      'Unsupported',
      'A presigned URL may be valid for at most 7 days (604800 seconds).',
    );
  }
  const signingDate = wholeSecond(new Date());
  const object = { Bucket: store.bucket, Key: key };
  // Where none is declared the SDK makes one up, which the caller will not send.
  const signableHeaders = new Set(contentType === undefined ? [] : ['content-type']);
  const signing = { expiresIn: expiresInSeconds, signingDate, signableHeaders };
  const url =
    method === 'GET'
      ? await getSignedUrl(store.presigning, new GetObjectCommand(object), signing)
      : await getSignedUrl(
          store.presigning,
          new PutObjectCommand({ ...object, ContentType: contentType }),
          signing,
        );
  return {
    method,
    url,
    headers: method === 'PUT' && contentType !== undefined ? { 'content-type': contentType } : {},
    expiresAt: new Date(signingDate.getTime() + expiresInSeconds * 1000),
  };
}

/** The precision of the date in the URL. */
function wholeSecond(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}
