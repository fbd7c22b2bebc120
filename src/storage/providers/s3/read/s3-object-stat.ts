import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  type _Object,
} from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { ESCAPE } from '../../../contract/key-bytes.js';
import { type ListedKey, listedKey } from '../../../contract/listed-key.js';
import { StorageError } from '../../../contract/storage-error.js';
import type { ObjectStat } from '../../../contract/storage-provider.js';
import { quotedEtag } from '../s3-etag.js';
import { type S3Store, withSignal } from '../client/s3-store.js';
import { assertNoWebPage } from './s3-web-page.js';

/** Reads an object's metadata. Rejects with the SDK's error. */
export async function headObject(
  store: S3Store,
  key: ListedKey,
  signal: AbortSignal | undefined,
): Promise<ObjectStat> {
  return (await headWithoutSdk(store, key, signal)) ?? headBySdk(store, key, signal);
}

/** @returns undefined for any unusual answer: the SDK's request then tells the problem. */
async function headWithoutSdk(
  store: S3Store,
  key: ListedKey,
  signal: AbortSignal | undefined,
): Promise<ObjectStat | undefined> {
  if (key.includes(ESCAPE)) return undefined;
  const answer = await store.plain.send({ method: 'HEAD', key, signal });
  if (answer === undefined) return undefined;
  const { status, headers } = answer;
  const requestId = headers['x-amz-request-id']?.toString() ?? '';
  if (status === 404) throw new MissingObject(requestId);
  const isPossiblyPage = requestId === '' && !store.dialect.reportsMissingObjects;
  const lastModified = new Date(headers['last-modified'] ?? '');
  const length = headers['content-length'] ?? '';
  if (status !== 200 || isPossiblyPage || Number.isNaN(lastModified.getTime()) || !/^\d+$/.test(length)) {
    return undefined;
  }
  const { etag: ETag, 'content-type': ContentType } = headers;
  return statOfAnswer(key, Number(length), { LastModified: lastModified, ETag, ContentType });
}

/** An object that is missing, in the form in which the SDK reports one. */
class MissingObject extends Error {
  override readonly name = 'NotFound';
  readonly $metadata: { readonly httpStatusCode: number; readonly requestId: string };

  constructor(requestId: string) {
    super('NotFound');
    this.$metadata = { httpStatusCode: 404, requestId };
  }
}

async function headBySdk(
  store: S3Store,
  key: ListedKey,
  signal: AbortSignal | undefined,
): Promise<ObjectStat> {
  const target = { Bucket: store.bucket, Key: key };
  try {
    const answer = await store.client.send(new HeadObjectCommand(target), withSignal(signal));
    await assertNoWebPage(store, answer, signal);
    return statOfAnswer(key, answer.ContentLength, answer);
  } catch (error) {
    if (!hasStatus(error, key.includes(ESCAPE) ? [400, 403] : [400])) throw error;
    // An answer to HEAD has no body with the reason. GET tells whether the store rejects the name.
    const { Body: body } = await store.client.send(new GetObjectCommand(target), withSignal(signal));
    if (body instanceof Readable) body.destroy();
    throw error;
  }
}

function hasStatus(error: unknown, statuses: readonly number[]): boolean {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return false;
  const { $metadata: metadata } = error;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return false;
  const { httpStatusCode: status } = metadata;
  return typeof status === 'number' && statuses.includes(status);
}

/** S3's content type for an object without one. */
const DEFAULT_CONTENT_TYPE = 'binary/octet-stream';

/** Makes a stat without an md5: the ETag of a multipart or encrypted object is no md5 of its content. */
export function statOfAnswer(
  key: ListedKey,
  size: number | undefined,
  answer: Pick<GetObjectCommandOutput, 'LastModified'> & {
    readonly ETag?: string | undefined;
    readonly ContentType?: string | undefined;
  },
): ObjectStat {
  return {
    key,
    size: required(size, 'size'),
    lastModified: required(answer.LastModified, 'time'),
    etag: quotedEtag(answer.ETag),
    md5: null,
    contentType: answer.ContentType === DEFAULT_CONTENT_TYPE ? null : (answer.ContentType ?? null),
  };
}

export function statOfEntry(key: string, entry: _Object): ObjectStat {
  return {
    key: listedKey(key),
    size: required(entry.Size, 'size'),
    lastModified: required(entry.LastModified, 'time'),
    etag: quotedEtag(entry.ETag),
    md5: null,
    contentType: null,
  };
}

function required<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined || (typeof value === 'number' && !(value >= 0))) {
    throw new StorageError('Unexpected', `The store's answer does not say the object's ${name}.`);
  }
  return value;
}
