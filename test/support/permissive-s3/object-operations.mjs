import { checkWriteConditions, isNotModified } from './s3-conditions.mjs';
import { S3Error } from './s3-error.mjs';
import { percentDecoded } from './s3-request.mjs';
import { document, textElement } from './s3-xml.mjs';

/** @import { ObjectHeaders, StoredObject } from './byte-store.mjs' */
/** @import { OperationContext } from './operation-context.mjs' */
/** @import { Quirks } from './quirks.mjs' */
/** @import { S3Answer } from './s3-answers.mjs' */
/** @import { Checksum } from './s3-checksums.mjs' */
/** @import { S3Headers } from './s3-request.mjs' */

const MAX_INT64 = 2n ** 63n - 1n;
const KEPT = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
];

/**
 * What is not there is not told to those who may not list.
 * @param {Quirks} quirks
 */
export function missingObject({ withoutListBucket }) {
  return withoutListBucket
    ? new S3Error('AccessDenied', 'Access Denied')
    : new S3Error('NoSuchKey', 'The specified key does not exist.');
}

/**
 * @param {string} etag
 * @param {Quirks} quirks
 */
export function shownEtag(etag, { bareEtags }) {
  return bareEtags ? etag : `"${etag}"`;
}

/**
 * @param {OperationContext} context
 * @returns {S3Answer}
 */
function getObject(context) {
  const { store, quirks, request, isSigned } = context;
  const { headers, query, key } = request;
  const object = store.find(key);
  if (object === undefined) throw missingObject(quirks);
  /** @type {Record<string, string>} */
  const facts = {
    etag: shownEtag(object.etag, quirks),
    'last-modified': object.lastModified.toUTCString(),
    'accept-ranges': 'bytes',
  };
  if (isNotModified(object, headers)) return { status: 304, headers: facts };
  Object.assign(
    facts,
    { 'content-type': 'binary/octet-stream' },
    object.headers,
    overridesOf(query, isSigned),
  );
  const range = rangeOf(object, headers, quirks);
  if (range !== undefined) {
    const { start, end } = range;
    facts['content-range'] = `bytes ${start}-${end - 1}/${object.body.length}`;
    return { status: 206, headers: facts, body: object.body.subarray(start, end) };
  }
  if (headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED') {
    Object.assign(facts, checksumHeader(object.checksum), { 'x-amz-checksum-type': 'FULL_OBJECT' });
  }
  return { headers: facts, body: object.body };
}

/**
 * @param {ReadonlyMap<string, string>} query
 * @param {boolean} isSigned
 * @returns {ObjectHeaders}
 */
function overridesOf(query, isSigned) {
  const overrides = [...query].filter(([name]) => name.startsWith('response-'));
  if (overrides.length > 0 && !isSigned) {
    const why = 'Request specific response headers cannot be used for anonymous GET requests.';
    throw new S3Error('InvalidRequest', why);
  }
  return Object.fromEntries(overrides.map(([name, value]) => [name.slice('response-'.length), value]));
}

/**
 * Undefined where there is none, several, or one that RFC 9110 tells to ignore: then all is sent.
 * @param {StoredObject} object
 * @param {S3Headers} headers
 * @param {Quirks} quirks
 */
function rangeOf({ body, etag }, headers, { refusesHugeRanges }) {
  const size = body.length;
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(headers['range'] ?? '') ?? [];
  const isNone = from === '' && to === '';
  const isBackwards = from !== '' && to !== '' && BigInt(from) > BigInt(to);
  const isOfAnother = headers['if-range'] !== undefined && headers['if-range'] !== `"${etag}"`;
  if (isNone || isBackwards || isOfAnother) return undefined;
  if (refusesHugeRanges && [from, to].some((text) => text !== '' && BigInt(text) > MAX_INT64)) {
    throw new S3Error('InvalidArgument', 'A position of the range is no integer of 64 bits.');
  }
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size : Math.min(size, Number(to) + 1);
  if (start < end) return { start, end };
  throw new S3Error('InvalidRange', 'The requested range is not satisfiable', {
    headers: { 'content-range': `bytes */${size}` },
    fields: { ActualObjectSize: size },
  });
}

/**
 * The headers of a request that belong to the object from now on.
 * @param {S3Headers} headers
 * @returns {ObjectHeaders}
 */
export function keptHeaders(headers) {
  /** @type {Record<string, string>} */
  const object = {};
  for (const [name, value] of Object.entries(headers)) {
    const isKept = KEPT.includes(name) || name.startsWith('x-amz-meta-');
    if (isKept && value !== undefined) object[name] = value;
  }
  const codings = (object['content-encoding'] ?? '').split(',').map((coding) => coding.trim());
  const left = codings.filter((coding) => coding !== '' && coding !== 'aws-chunked').join(', ');
  if (left === '') delete object['content-encoding'];
  else object['content-encoding'] = left;
  return object;
}

/**
 * A bucket whose objects are locked wants to know that it got what was sent.
 * @param {boolean} hasDigest
 * @param {Quirks} quirks
 */
export function checkDigestIsSent(hasDigest, { writesWantDigest }) {
  if (hasDigest || !writesWantDigest) return;
  const why =
    'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters';
  throw new S3Error('InvalidRequest', why);
}

/**
 * @param {OperationContext} context
 * @returns {Promise<S3Answer>}
 */
async function putObject({ store, quirks, request, readBody }) {
  const { key, headers } = request;
  const { bytes, checksum, hasDigest } = await readBody();
  checkDigestIsSent(hasDigest, quirks);
  checkWriteConditions(store.find(key), headers, quirks);
  const object = store.store(key, { body: bytes, headers: keptHeaders(headers), checksum });
  return { headers: { etag: shownEtag(object.etag, quirks), ...checksumHeader(checksum) } };
}

/**
 * @param {Checksum | undefined} checksum
 * @returns {ObjectHeaders}
 */
export function checksumHeader(checksum) {
  return checksum === undefined ? {} : { [`x-amz-checksum-${checksum.name}`]: checksum.value };
}

/**
 * The object that a request copies, if it is as the request's conditions have it.
 * @param {OperationContext} context
 */
export function copiedObject({ stores, quirks, request: { headers } }) {
  const [, bucketName, sourceKey = ''] =
    /^\/?([^/]+)\/(.+)$/s.exec(percentDecoded(headers['x-amz-copy-source'] ?? '')) ?? [];
  if (bucketName === undefined) throw new S3Error('InvalidArgument', 'Invalid copy source object key');
  const from = stores.get(bucketName);
  if (from === undefined) throw new S3Error('NoSuchBucket', 'The specified bucket does not exist');
  const source = from.find(sourceKey);
  if (source === undefined) throw missingObject(quirks);
  if (isNotModified(source, headers, 'x-amz-copy-source-')) {
    throw new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
  }
  return source;
}

/**
 * @param {OperationContext} context
 * @returns {S3Answer}
 */
function copyObject(context) {
  const { store, quirks, request } = context;
  const { key, headers } = request;
  const source = copiedObject(context);
  checkWriteConditions(store.find(key), headers, quirks);
  const replaces = headers['x-amz-metadata-directive'] === 'REPLACE';
  const { body, checksum } = source;
  const copy = store.store(key, {
    body,
    checksum,
    headers: replaces ? keptHeaders(headers) : source.headers,
  });
  const facts =
    textElement('LastModified', copy.lastModified.toISOString()) +
    textElement('ETag', shownEtag(copy.etag, quirks));
  return { headers: { 'content-type': 'application/xml' }, body: document('CopyObjectResult', facts) };
}

/** The answer to HEAD is that to GET; its body is not sent. */
export const OBJECT_OPERATIONS = {
  GetObject: getObject,
  HeadObject: getObject,
  PutObject: putObject,
  CopyObject: copyObject,
};
