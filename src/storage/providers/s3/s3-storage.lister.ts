import { ListObjectsV2Command, type ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import { compareKeys, ESCAPE, keyBytes, spelledKey } from '../../contract/key-bytes.js';
import { StorageError } from '../../contract/storage-error.js';
import type { ListOptions, ObjectStat } from '../../contract/storage-provider.js';
import { S3_MAX_BATCH } from './client/s3-limits.js';
import { statOfEntry } from './read/s3-object-stat.js';
import { s3StorageError } from './s3-storage.errors.js';
import { type S3Store, withSignal } from './client/s3-store.js';

/** The first rows leave soon: a store takes tens of milliseconds for a whole page. */
const FIRST_PAGE_KEYS = 100;

/**
 * A batch for each page that holds an object; the next page is asked for when the reader comes back. Only the first page is
 * as short as the limit: what is left out of the others would cost a request each.
 */
export async function* listObjects(
  store: S3Store,
  options: ListOptions,
): AsyncGenerator<readonly ObjectStat[]> {
  let left = options.limit ?? Infinity;
  let last = options.startAfter;
  let token: string | undefined;
  let maxKeys = Math.min(left, FIRST_PAGE_KEYS);
  const prefix = sentPrefix(options.prefix);
  while (left > 0) {
    const page = await readPage(store, { ...options, prefix }, { token, maxKeys });
    maxKeys = S3_MAX_BATCH;
    const batch = objectsOf(page, options).slice(0, left);
    requireLater(batch[0]?.key, last);
    last = batch.at(-1)?.key ?? last;
    left -= batch.length;
    if (batch.length > 0) yield batch;
    token = page.NextContinuationToken;
    if (page.IsTruncated !== true || token === undefined) return;
  }
}

/** A store that begins a page before the end of the one before would be listed for ever. */
function requireLater(first: string | undefined, last: string | undefined): void {
  if (first === undefined || last === undefined || last === '' || compareKeys(first, last) > 0) return;
  const message = 'The store lists names that it has listed already, so that there is no end of them.';
  throw new StorageError('Unexpected', message, { context: { operation: 'list', scheme: 's3', key: first } });
}

async function readPage(
  store: S3Store,
  { prefix, startAfter, signal }: ListOptions,
  { token, maxKeys }: { readonly token: string | undefined; readonly maxKeys: number },
): Promise<ListObjectsV2CommandOutput> {
  const request = new ListObjectsV2Command({
    Bucket: store.bucket,
    Prefix: prefix,
    // S3 refuses an empty one, and ignores it beside a token.
    StartAfter: token === undefined && startAfter !== '' ? startAfter : undefined,
    ContinuationToken: token,
    MaxKeys: maxKeys,
    // A key may hold what XML cannot.
    EncodingType: 'url',
  });
  try {
    return await store.client.send(request, withSignal(signal));
  } catch (error) {
    const failure = s3StorageError(error, { operation: 'list', signal });
    // MinIO refuses a prefix that no key can have; nothing begins with it.
    if (failure.kind === 'InvalidKey' && prefix !== undefined) return { $metadata: {} };
    throw failure;
  }
}

/** As much of a prefix as bytes can say: one may end within an escape. */
function sentPrefix(prefix: string | undefined): string | undefined {
  let sent = prefix;
  while (sent !== undefined && keyBytes(sent) === undefined && sent.includes(ESCAPE)) {
    sent = sent.slice(0, sent.lastIndexOf(ESCAPE));
  }
  return sent;
}

function objectsOf(
  page: ListObjectsV2CommandOutput,
  { prefix = '', markers = false }: ListOptions,
): ObjectStat[] {
  const isEncoded = page.EncodingType === 'url';
  // A character's first bytes can be a prefix of others, too.
  const mayBeOther = prefix.includes(ESCAPE);
  const stats: ObjectStat[] = [];
  let before = '';
  // MinIO may send a truncated page without contents.
  for (const entry of page.Contents ?? []) {
    const key = isEncoded ? decoded(entry.Key ?? '') : (entry.Key ?? '');
    if (!isEncoded) requireNamesApart(key, before);
    before = key;
    if (key === '' || (mayBeOther && !key.startsWith(prefix))) continue;
    // An empty object that ends in a slash is how consoles mark a directory.
    if (markers || entry.Size !== 0 || !key.endsWith('/')) stats.push(statOfEntry(key, entry));
  }
  return stats;
}

/** XML holds no bytes that are no UTF-8: a store that does not encode them can list two names as one. */
function requireNamesApart(key: string, before: string): void {
  if (!key.includes('\uFFFD') || compareKeys(key, before) > 0) return;
  const message =
    'The store lists two names as one: they hold bytes that are no UTF-8, and it does not encode them (encoding-type=url). ' +
    'Rename them by another program.';
  throw new StorageError('Unexpected', message, { context: { operation: 'list', scheme: 's3', key } });
}

/** S3 encodes as forms do: a space is a plus. */
function decoded(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    const key = decodeURIComponent(spaced);
    return key.includes(ESCAPE) ? spelledKey(Buffer.from(key)) : key;
  } catch {
    return spelledKey(decodedBytes(spaced)); // a foreign writer's key that is no UTF-8
  }
}

function decodedBytes(text: string): Buffer {
  const bytes = Buffer.from(text)
    .toString('latin1')
    .replace(/%([0-9a-f]{2})/gi, (_match, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1');
}
