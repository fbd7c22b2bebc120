import { ListObjectsV2Command, type ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import type { CommonPrefix } from '../../contract/levels/common-prefix.js';
import { compareKeys, ESCAPE, keyBytes, keyFromBytes } from '../../contract/key-bytes.js';
import { StorageError } from '../../contract/storage-error.js';
import { isMarker } from '../../contract/marker.js';
import { entryName, isCommonPrefix, type LevelEntry } from '../../contract/levels/level-entry.js';
import type { LevelOptions, ListOptions, ObjectStat } from '../../contract/storage-provider.js';
import { isRequestedBucket } from './client/s3-answered-bucket.js';
import { S3_MAX_BATCH } from './client/s3-limits.js';
import { statOfEntry } from './read/s3-object-stat.js';
import { s3StorageError } from './s3-storage.errors.js';
import { type S3Store, withSignal } from './client/s3-store.js';

/** A short first page, so that the first rows are sent soon: a whole page takes a store tens of milliseconds. */
const FIRST_PAGE_KEYS = 100;

/** Lists objects: one batch for each page with an object. The next page is requested when the reader asks for it. */
export async function* listObjects(
  store: S3Store,
  options: ListOptions,
): AsyncGenerator<readonly ObjectStat[]> {
  for await (const batch of listPages(store, options)) {
    yield batch.filter((entry): entry is ObjectStat => !isCommonPrefix(entry)); // without a delimiter, no entry is one
  }
}

/** Lists one level in the same way. */
export function listLevel(store: S3Store, options: LevelOptions): AsyncGenerator<readonly LevelEntry[]> {
  return listPages(store, { ...options, delimiter: '/' });
}

interface PageOptions extends ListOptions {
  readonly delimiter?: '/';
}

/**
 * Of pages without a given size, only the first is shortened to the limit: in later ones, skipped entries could cost further
 * requests.
 */
async function* listPages(store: S3Store, options: PageOptions): AsyncGenerator<readonly LevelEntry[]> {
  const { limit = Infinity, pageSize, resumePoint } = options;
  const request = { ...options, prefix: sentPrefix(options.prefix) };
  let remaining = limit;
  let token = resumePoint;
  let last = firstBound(options);
  let maxKeys = Math.min(remaining, pageSize ?? FIRST_PAGE_KEYS, S3_MAX_BATCH);
  for (let emptyPages = 0; remaining > 0;) {
    const page = await readPage(store, request, { token, maxKeys });
    assertRequested(page, store.bucket, request.prefix);
    const entries = entriesOf(page, options.prefix);
    last = assertOrdered(entries, last);
    const batch = entries.filter((entry) => isListed(entry, options)).slice(0, remaining);
    remaining -= batch.length;
    // Many skipped entries in a row would cost a request for each short page.
    maxKeys = batch.length === 0 ? S3_MAX_BATCH : Math.min(pageSize ?? S3_MAX_BATCH, S3_MAX_BATCH);
    emptyPages = entries.length > 0 ? 0 : emptyPages + 1;
    token = tokenAfter(page, { token, emptyPages });
    if (token !== undefined && remaining > 0) options.onResumePoint?.(token);
    if (batch.length > 0) yield batch;
    if (token === undefined) return;
  }
}

/** Returns the name that all entries must follow, if the store promises so. */
function firstBound({ startAfter, resumePoint, delimiter }: PageOptions): string | undefined {
  const mayBeginBefore = resumePoint !== undefined || delimiter !== undefined;
  return mayBeginBefore || startAfter === '' ? undefined : startAfter;
}

function isListed(entry: LevelEntry, { markers = false, startAfter = '' }: PageOptions): boolean {
  const isHidden = !isCommonPrefix(entry) && !markers && isMarker(entry);
  return !isHidden && (startAfter === '' || compareKeys(entryName(entry), startAfter) > 0);
}

/** Limits truncated pages without contents, which MinIO sends: a store with no other pages would be asked forever. */
const MAX_EMPTY_PAGES = 1000;

/** Returns the token of the next page; undefined after the last page. */
function tokenAfter(
  { IsTruncated: isTruncated, NextContinuationToken: next }: ListObjectsV2CommandOutput,
  { token, emptyPages }: { readonly token: string | undefined; readonly emptyPages: number },
): string | undefined {
  if (isTruncated === false || (isTruncated === undefined && next === undefined)) return undefined;
  if (next === undefined) throw invalidListing('says that more follows, and not where', undefined);
  if (emptyPages > MAX_EMPTY_PAGES || (emptyPages > 0 && next === token)) {
    throw invalidListing('has pages without names, of which there is no end', undefined);
  }
  return next;
}

/** Checks that the page is of the requested bucket and prefix. Another listing would look empty, or show other files. */
function assertRequested(page: ListObjectsV2CommandOutput, bucket: string, prefix = ''): void {
  const { Name: name, Prefix: listedPrefix, EncodingType: encoding, $metadata } = page;
  if ($metadata.httpStatusCode === undefined) return; // nothing was listed
  assertComplete(page);
  if (name !== undefined && !isRequestedBucket(name, bucket)) {
    throw invalidListing(`is of the bucket ${JSON.stringify(name)}`, undefined);
  }
  if (listedPrefix === undefined || /[\p{Cc}\uFDD0]/u.test(prefix)) return;
  const isRequested = listedPrefix === prefix || (encoding === 'url' && decoded(listedPrefix) === prefix);
  if (!isRequested)
    throw invalidListing(`is of names that begin with ${JSON.stringify(listedPrefix)}`, prefix);
}

function assertComplete({
  Name: name,
  KeyCount: reported = 0,
  Contents: entries = [],
  CommonPrefixes: prefixes = [],
}: ListObjectsV2CommandOutput): void {
  const count = entries.length + prefixes.length;
  if (reported > count) throw invalidListing('says that it has more names than it has', undefined);
  if (count === 0 && name === undefined) throw invalidListing('names no bucket and no object', undefined);
}

/**
 * Checks the order of names. A store that goes back would be listed forever, and `startAfter` would skip or repeat objects.
 *
 * @returns the last name.
 */
function assertOrdered(entries: readonly LevelEntry[], last: string | undefined): string | undefined {
  let previous = last;
  for (const entry of entries) {
    const name = entryName(entry);
    if (previous !== undefined && compareKeys(name, previous) <= 0) {
      throw invalidListing(
        'has names that it has listed already, or is not in the order of their bytes',
        name,
      );
    }
    previous = name;
  }
  return previous;
}

function invalidListing(what: string, key: string | undefined): StorageError {
  const context = { operation: 'list', scheme: 's3', key };
  return new StorageError('Unexpected', `The store's listing ${what}.`, { context });
}

async function readPage(
  store: S3Store,
  options: PageOptions,
  { token, maxKeys }: { readonly token: string | undefined; readonly maxKeys: number },
): Promise<ListObjectsV2CommandOutput> {
  const { prefix, startAfter, delimiter, resumePoint, signal } = options;
  const request = new ListObjectsV2Command({
    Bucket: store.bucket,
    Prefix: prefix,
    Delimiter: delimiter,
    // S3 refuses an empty one, and ignores it beside a token.
    StartAfter: token === undefined && startAfter !== '' ? startAfter : undefined,
    ContinuationToken: token,
    MaxKeys: maxKeys,
    // A key may contain characters that XML cannot.
    EncodingType: 'url',
  });
  try {
    return await store.client.send(request, withSignal(signal));
  } catch (error) {
    const failure = s3StorageError(error, { operation: 'list', signal });
    // The store does not know the token any more.
    const isForgotten = token !== undefined && token === resumePoint && failure.kind === 'Unexpected';
    if (isForgotten) return readPage(store, options, { token: undefined, maxKeys });
    // MinIO refuses a prefix that no key can have; nothing begins with it.
    if (failure.kind === 'InvalidKey' && prefix !== undefined) return { $metadata: {} };
    throw failure;
  }
}

/** Returns the longest start of a prefix that has a byte form: a prefix may end within an escape. */
function sentPrefix(prefix: string | undefined): string | undefined {
  let sent = prefix;
  while (sent !== undefined && keyBytes(sent) === undefined && sent.includes(ESCAPE)) {
    sent = sent.slice(0, sent.lastIndexOf(ESCAPE));
  }
  return sent;
}

/** Reads the entries of a page in their order. */
function entriesOf(page: ListObjectsV2CommandOutput, prefix = ''): LevelEntry[] {
  const stats = statsOf(page, prefix);
  const prefixes = commonPrefixesOf(page, prefix);
  if (prefixes.length === 0) return stats;
  return [...stats, ...prefixes].sort((a, b) => compareKeys(entryName(a), entryName(b)));
}

function statsOf(page: ListObjectsV2CommandOutput, prefix: string): ObjectStat[] {
  const isEncoded = page.EncodingType === 'url';
  const stats: ObjectStat[] = [];
  let previous = '';
  // MinIO may send a truncated page without contents.
  for (const entry of page.Contents ?? []) {
    const key = isEncoded ? decoded(entry.Key ?? '') : (entry.Key ?? '');
    if (!isEncoded) assertDistinctNames(key, previous);
    previous = key;
    if (key !== '' && hasPrefix(key, prefix)) stats.push(statOfEntry(key, entry));
  }
  return stats;
}

function commonPrefixesOf(page: ListObjectsV2CommandOutput, prefix: string): CommonPrefix[] {
  const isEncoded = page.EncodingType === 'url';
  return (page.CommonPrefixes ?? []).flatMap(({ Prefix: listed = '' }) => {
    const name = isEncoded ? decoded(listed) : listed;
    return hasPrefix(name, prefix) ? { prefix: name } : [];
  });
}

/** Checks the prefix of a name: a bucket that folds case may list others. */
function hasPrefix(name: string, prefix: string): boolean {
  if (name.startsWith(prefix)) return true;
  // A character's first bytes can be a prefix of others, too.
  if (prefix.includes(ESCAPE)) return false;
  throw invalidListing(`has names that do not begin with ${JSON.stringify(prefix)}`, name);
}

/** Checks that two names differ. XML cannot contain invalid UTF-8, so a store without encoding can list two names as one. */
function assertDistinctNames(key: string, previous: string): void {
  if (!key.includes('\uFFFD') || compareKeys(key, previous) > 0) return;
  const message =
    'The store lists two names as one: they hold bytes that are no UTF-8, and it does not encode them (encoding-type=url). ' +
    'Rename them by another program.';
  throw new StorageError('Unexpected', message, { context: { operation: 'list', scheme: 's3', key } });
}

/** Decodes a name. S3 encodes as HTML forms do: a space is a plus. */
function decoded(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    const key = decodeURIComponent(spaced);
    return key.includes(ESCAPE) ? keyFromBytes(Buffer.from(key)) : key;
  } catch {
    return keyFromBytes(decodedBytes(spaced)); // a key of another program that is not valid UTF-8
  }
}

function decodedBytes(text: string): Buffer {
  const bytes = Buffer.from(text)
    .toString('latin1')
    .replace(/%([0-9a-f]{2})/gi, (_match, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1');
}
