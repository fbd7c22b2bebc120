import { shownEtag } from './object-operations.mjs';
import { S3Error } from './s3-error.mjs';
import { percentEncoded } from './s3-request.mjs';
import { document, element, textElement } from './s3-xml.mjs';

/** @import { OperationContext } from './operation-context.mjs' */
/** @import { Quirks } from './quirks.mjs' */
/** @import { S3Answer } from './s3-answers.mjs' */
/** @import { StoredObject } from './byte-store.mjs' */

/**
 * `after` is a key or a group that was listed; `emptyPages` so many come before the next one that holds anything.
 *
 * @typedef {{ after: string, emptyPages: number }} Start
 */
/** @typedef {{ entries: { name: string, object?: StoredObject | undefined }[], next: Start | undefined }} Page */

const MAX_KEYS = 1000;
const OWNER = element('Owner', textElement('ID', 'permissive') + textElement('DisplayName', 'permissive'));

/**
 * @param {OperationContext} context
 * @returns {S3Answer}
 */
function listObjectsV2(context) {
  const { quirks, request } = context;
  const { query } = request;
  const given = query.get('continuation-token');
  const token = given === undefined ? undefined : readToken(quirks, given);
  const after = token?.after ?? (quirks.startAfterIgnored ? '' : (query.get('start-after') ?? ''));
  const page = pageOf(context, { after, emptyPages: token?.emptyPages ?? quirks.emptyPages });
  const write = writerOf(context);
  const startAfter = query.get('start-after');
  const head = [
    textElement('KeyCount', page.entries.length),
    given === undefined ? '' : textElement('ContinuationToken', given),
    startAfter === undefined ? '' : write.key('StartAfter', startAfter),
    page.next === undefined ? '' : nextToken(quirks, given, page.next),
  ];
  return listing(context, page, head.join(''));
}

/**
 * The token that a store hands out is its own affair: here it says where to go on.
 * @param {Quirks} quirks
 * @param {string | undefined} given
 * @param {Start} next
 */
function nextToken({ continuationTokens }, given, next) {
  if (continuationTokens === 'missing') return '';
  const fresh = Buffer.from(JSON.stringify(next)).toString('base64url');
  return textElement('NextContinuationToken', continuationTokens === 'repeated' ? (given ?? fresh) : fresh);
}

/**
 * @param {Quirks} quirks
 * @param {string} token
 * @returns {Start}
 */
function readToken({ continuationTokens }, token) {
  try {
    if (continuationTokens === 'forgotten') throw new TypeError('The token is not known any more.');
    return JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect');
  }
}

/**
 * @param {OperationContext} context
 * @returns {S3Answer}
 */
function listObjects(context) {
  const { quirks, request } = context;
  const marker = request.query.get('marker') ?? '';
  const { next, entries } = pageOf(context, { after: quirks.startAfterIgnored ? '' : marker, emptyPages: 0 });
  const write = writerOf(context);
  const isNamed = next !== undefined && request.query.has('delimiter');
  const nextMarker = isNamed ? write.key('NextMarker', next.after) : '';
  return listing(context, { entries, next }, write.key('Marker', marker) + nextMarker);
}

/**
 * So many keys and groups as are asked for, and where to go on after them.
 *
 * @param {OperationContext} context
 * @param {Start} start
 * @returns {Page}
 */
function pageOf({ store, quirks, request: { query } }, { after, emptyPages }) {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const limit = maxKeysOf(query);
  if (limit === 0) return { entries: [], next: undefined };
  if (emptyPages > 0) return { entries: [], next: { after, emptyPages: emptyPages - 1 } };
  /** @type {Page['entries']} */
  const entries = [];
  const isBelow = after.length > prefix.length && after.startsWith(prefix);
  const isGroup = delimiter !== '' && isBelow && after.endsWith(delimiter);
  let group = isGroup ? after : undefined;
  const keys = store.sortedKeys();
  for (let at = firstAfter(keys, after); at < keys.length; at++) {
    const key = /** @type {string} */ (keys[at]); // it is before their end
    if (group !== undefined && key.startsWith(group)) continue;
    if (!key.startsWith(prefix)) {
      if (key > prefix) break;
      continue;
    }
    if (quirks.hidesBelowObjects && store.isBelowAnObject(key)) continue;
    const last = entries.at(-1);
    if (last !== undefined && entries.length === limit)
      return { entries, next: { after: last.name, emptyPages: 0 } };
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    group = end < 0 ? undefined : key.slice(0, end + delimiter.length);
    entries.push(group === undefined ? { name: key, object: store.find(key) } : { name: group });
  }
  return { entries, next: undefined };
}

/**
 * @param {readonly string[]} keys
 * @param {string} after
 */
function firstAfter(keys, after) {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (after === '' || (keys[middle] ?? '') > after) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** @param {ReadonlyMap<string, string>} query */
function maxKeysOf(query) {
  const text = query.get('max-keys') ?? String(MAX_KEYS);
  if (!/^\d{1,10}$/.test(text)) throw new S3Error('InvalidArgument', 'Provided max-keys not an integer');
  return Math.min(Number(text), MAX_KEYS);
}

/**
 * How names are written into this answer.
 * @param {Pick<OperationContext, 'quirks' | 'request'>} context
 */
export function writerOf({ quirks, request: { query } }) {
  const isEncoded = query.get('encoding-type') === 'url' && !quirks.encodingTypeIgnored;
  // A space is a plus, as in a form.
  /** @param {string} key */
  const encoded = (key) => percentEncoded(key, '/* ').replaceAll(' ', '+');
  /** @type {(name: string, key: string) => string} */
  const written = (name, key) => textElement(name, isEncoded ? encoded(key) : key, quirks.controlCharacters);
  return { type: isEncoded ? textElement('EncodingType', 'url') : '', key: written };
}

/**
 * @param {OperationContext} context
 * @param {Page} page
 * @param {string} head
 * @returns {S3Answer}
 */
function listing(context, { entries, next }, head) {
  const { quirks, request } = context;
  const { query, bucketName } = request;
  const write = writerOf(context);
  const withOwner = request.operation === 'ListObjects' || query.get('fetch-owner') === 'true';
  const rows = entries.map(({ name, object }) => {
    if (object === undefined) return element('CommonPrefixes', write.key('Prefix', name));
    const facts = [
      write.key('Key', object.key),
      textElement('LastModified', object.lastModified.toISOString()),
      textElement('ETag', shownEtag(object.etag, quirks)),
      textElement('Size', object.body.length),
      withOwner ? OWNER : '',
      textElement('StorageClass', 'STANDARD'),
    ];
    return element('Contents', facts.join(''));
  });
  const delimiter = query.get('delimiter');
  const about = [
    textElement('Name', bucketName),
    write.key('Prefix', query.get('prefix') ?? ''),
    delimiter === undefined ? '' : write.key('Delimiter', delimiter),
    textElement('MaxKeys', maxKeysOf(query)),
    write.type,
    textElement('IsTruncated', next !== undefined),
  ];
  const body = document('ListBucketResult', [...about, head, ...rows].join(''));
  return { headers: { 'content-type': 'application/xml' }, body };
}

/**
 * @param {OperationContext} context
 * @returns {S3Answer}
 */
function listMultipartUploads(context) {
  const { store, quirks, request } = context;
  const { query, bucketName } = request;
  const prefix = query.get('prefix') ?? '';
  const keyMarker = query.get('key-marker') ?? '';
  const idMarker = query.get('upload-id-marker');
  const write = writerOf(context);
  /** @param {{ key: string }} upload */
  const isAsked = ({ key }) => (quirks.uploadsOfExactKeysOnly ? key === prefix : key.startsWith(prefix));
  const all = store.uploads.all().filter(isAsked);
  const seen = all.findIndex(({ key, id }) => key === keyMarker && id === idMarker);
  const left = seen < 0 ? all.filter(({ key }) => key > keyMarker) : all.slice(seen + 1);
  const limit = Math.min(Number(query.get('max-uploads') ?? MAX_KEYS), MAX_KEYS);
  const page = left.slice(0, limit);
  const last = left.length > page.length ? page.at(-1) : undefined;
  const rows = page.map(({ key, id, initiated }) =>
    element(
      'Upload',
      write.key('Key', key) + textElement('UploadId', id) + textElement('Initiated', initiated.toISOString()),
    ),
  );
  const next =
    last === undefined
      ? ''
      : write.key('NextKeyMarker', last.key) + textElement('NextUploadIdMarker', last.id);
  const about = [
    textElement('Bucket', bucketName),
    write.key('Prefix', prefix),
    write.key('KeyMarker', keyMarker),
    textElement('MaxUploads', limit),
    write.type,
    textElement('IsTruncated', last !== undefined),
  ];
  const body = document('ListMultipartUploadsResult', [...about, next, ...rows].join(''));
  return { headers: { 'content-type': 'application/xml' }, body };
}

export const LISTING_OPERATIONS = {
  ListObjects: listObjects,
  ListObjectsV2: listObjectsV2,
  ListMultipartUploads: listMultipartUploads,
};
