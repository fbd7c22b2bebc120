import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { StorageError } from '../../../contract/storage-error.js';
import type { PresignedRequest, PresignOptions, PresignTarget } from '../../../contract/storage-provider.js';
import type { S3Store } from '../client/s3-store.js';

/** Seven days, the maximum of signature version 4. */
const MAX_EXPIRY_SECONDS = 604_800;

/** Presigns a request without contacting the store. Signs a declared content type, and not the payload. */
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
  // Without a declared type the SDK invents one, which the client will not send.
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

/** Rounds down to the precision of the date in the URL. */
function wholeSecond(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}
