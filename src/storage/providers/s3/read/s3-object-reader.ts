import { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { GetObjectCommand, type GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { resolveRange } from '../../../contract/byte-range.js';
import type { ListedKey } from '../../../contract/listed-key.js';
import { StorageError } from '../../../contract/storage-error.js';
import type { ByteRange, GetOptions, ObjectBody } from '../../../contract/storage-provider.js';
import { statOfAnswer } from './s3-object-stat.js';
import { assertNoWebPage } from './s3-web-page.js';
import { type S3Operation, s3StorageError } from '../s3-storage.errors.js';
import { withStoreContext } from '../s3-error-context.js';
import { type S3Store, withSignal } from '../client/s3-store.js';

/** Opens an object. Rejects with the SDK's error; the body fails with StorageErrors. */
export async function getObject(store: S3Store, key: ListedKey, options: GetOptions): Promise<ObjectBody> {
  const { range, signal } = options;
  const request = new GetObjectCommand({
    Bucket: store.bucket,
    Key: key,
    Range: range === undefined ? undefined : rangeHeader(range),
  });
  const answer = await store.downloads.send(request, withSignal(signal));
  const body = withStorageErrors(answer.Body, { operation: 'get', key, signal }, store);
  try {
    await assertNoWebPage(store, answer, signal);
    const slice = range === undefined ? wholeOf(answer) : rangeOf(answer, range);
    return {
      stat: statOfAnswer(key, slice.size, answer),
      range: { start: slice.start, end: slice.end },
      body,
    };
  } catch (error) {
    body.destroy();
    throw error;
  }
}

/** Is the range valid? S3 ignores a range that ends before it starts, and would send the whole object. */
export function isSatisfiable(range: ByteRange): boolean {
  if ('suffixLength' in range) return range.suffixLength > 0;
  return range.start >= 0 && (range.end === undefined || range.end >= range.start);
}

function rangeHeader(range: ByteRange): string {
  if ('suffixLength' in range) return `bytes=-${String(range.suffixLength)}`;
  return `bytes=${String(range.start)}-${range.end === undefined ? '' : String(range.end)}`;
}

interface ContentSlice {
  readonly start: number;
  readonly end: number;
  /** Size of the whole object. */
  readonly size: number | undefined;
}

function wholeOf({ ContentLength: size }: GetObjectCommandOutput): ContentSlice {
  return { start: 0, end: (size ?? 0) - 1, size };
}

function rangeOf(
  { ContentRange: contentRange, ContentLength: length }: GetObjectCommandOutput,
  range: ByteRange,
): ContentSlice {
  const match = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(contentRange ?? '');
  if (match === null && length === 0 && 'suffixLength' in range) throw noByteInRange(); // MinIO, for the last bytes of an empty object
  if (match === null) throw rangeMismatch();
  const [start = 0, end = 0, size = 0] = match.slice(1).map(Number);
  const requested = resolveRange(range, size);
  if (start !== requested.start || end !== requested.end || length !== end - start + 1) throw rangeMismatch();
  return { start, end, size };
}

function rangeMismatch(): StorageError {
  return new StorageError('Unexpected', 'The store did not answer with the range it was asked for.');
}

export function noByteInRange(): StorageError {
  return new StorageError('RangeNotSatisfiable', 'The range holds no byte of the object.');
}

/** Translates the socket's error when Node destroys the body with it, so that no copying stream is needed. */
function withStorageErrors(body: unknown, operation: S3Operation, store: S3Store): Readable {
  if (!(body instanceof Readable)) {
    throw new StorageError('Unexpected', "The store's answer is without a body.");
  }
  const destroy = body.destroy.bind(body);
  body.destroy = (error?: Error) =>
    destroy(error === undefined ? undefined : withStoreContext(s3StorageError(error, operation), store));
  const { signal } = operation;
  const onAbort = (): void => {
    if (!(body instanceof IncomingMessage && body.complete && body.readableLength === 0)) {
      body.destroy(new DOMException('The operation was aborted.', 'AbortError'));
    }
  };
  signal?.addEventListener('abort', onAbort);
  body.once('close', () => signal?.removeEventListener('abort', onAbort));
  if (signal?.aborted === true) onAbort();
  return body;
}
