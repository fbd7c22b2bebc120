import { md5Of } from './byte-store.mjs';
import { writerOf } from './listing-operations.mjs';
import {
  checkDigestIsSent,
  checksumHeader,
  copiedObject,
  keptHeaders,
  shownEtag,
} from './object-operations.mjs';
import { checkChecksum } from './s3-body.mjs';
import { CHECKSUM_NAMES, CHECKSUMS } from './s3-checksums.mjs';
import { checkWriteConditions } from './s3-conditions.mjs';
import { S3Error } from './s3-error.mjs';
import { document, element, elementsNamed, isLegalXml, textElement, textNamed } from './s3-xml.mjs';

/** @import { Part, Upload } from './multipart-uploads.mjs' */
/** @import { OperationContext } from './operation-context.mjs' */
/** @import { S3Answer } from './s3-answers.mjs' */
/** @import { Checksum } from './s3-checksums.mjs' */
/** @import { S3Headers } from './s3-request.mjs' */

const MIN_PART_BYTES = 5 * 1024 * 1024;
const MAX_PARTS = 10_000;
const XML = { 'content-type': 'application/xml' };

/**
 * @param {OperationContext} context
 * @returns {S3Answer}
 */
function createMultipartUpload({ store, quirks, request }) {
  const { key, headers, bucketName } = request;
  const upload = store.uploads.begin(key, { headers: keptHeaders(headers) });
  const facts = [
    textElement('Bucket', bucketName),
    textElement('Key', key, quirks.controlCharacters),
    textElement('UploadId', upload.id),
  ];
  /** @type {Record<string, string>} */
  const echoes = {};
  for (const name of ['x-amz-checksum-algorithm', 'x-amz-checksum-type']) {
    const value = headers[name];
    if (value !== undefined) echoes[name] = value;
  }
  return { headers: { ...XML, ...echoes }, body: document('InitiateMultipartUploadResult', facts.join('')) };
}

/** @param {OperationContext} context */
function uploadOf({ store, request: { key, query } }) {
  const upload = store.uploads.find(key, query.get('uploadId'));
  if (upload !== undefined) return upload;
  const why =
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.';
  throw new S3Error('NoSuchUpload', why);
}

/**
 * @param {OperationContext} context
 * @returns {Promise<S3Answer>}
 */
async function uploadPart(context) {
  const { quirks, readBody } = context;
  uploadOf(context);
  const number = partNumberOf(context);
  const { bytes, checksum, hasDigest } = await readBody();
  checkDigestIsSent(hasDigest, quirks);
  const part = { number, bytes, etag: md5Of(bytes), checksum, lastModified: new Date() };
  // The upload may have been aborted meanwhile.
  uploadOf(context).parts.set(number, part);
  return { headers: { etag: shownEtag(part.etag, quirks), ...checksumHeader(checksum) } };
}

/** @param {OperationContext} context */
function partNumberOf({ request }) {
  const text = request.query.get('partNumber') ?? '';
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= MAX_PARTS) return number;
  throw new S3Error(
    'InvalidArgument',
    `Part number must be an integer between 1 and ${MAX_PARTS}, inclusive`,
  );
}

/**
 * @param {OperationContext} context
 * @returns {S3Answer}
 */
function uploadPartCopy(context) {
  const { quirks, request } = context;
  const upload = uploadOf(context);
  const number = partNumberOf(context);
  const { body } = copiedObject(context);
  const range = request.headers['x-amz-copy-source-range'];
  const [, start = '0', end = String(body.length - 1)] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
  if (Number(end) >= body.length) {
    throw new S3Error('InvalidArgument', 'The x-amz-copy-source-range value is outside of the source object');
  }
  const bytes = Buffer.from(body.subarray(Number(start), Number(end) + 1));
  const part = { number, bytes, etag: md5Of(bytes), checksum: undefined, lastModified: new Date() };
  upload.parts.set(number, part);
  const facts =
    textElement('LastModified', part.lastModified.toISOString()) +
    textElement('ETag', shownEtag(part.etag, quirks));
  return { headers: XML, body: document('CopyPartResult', facts) };
}

/**
 * @param {OperationContext} context
 * @returns {Promise<S3Answer>}
 */
async function completeMultipartUpload(context) {
  const { store, quirks, request, readBody } = context;
  const { key, headers, bucketName } = request;
  const { bytes } = await readBody({ checksumsAreOfBody: false });
  const upload = uploadOf(context);
  const parts = askedParts(bytes.toString('latin1'), upload);
  const body = Buffer.concat(parts.map((part) => part.bytes));
  const checksum = checksumOfAll(headers, body);
  checkWriteConditions(store.find(key), headers, quirks);
  const md5s = Buffer.concat(parts.map(({ etag }) => Buffer.from(etag, 'hex')));
  const etag = `${md5Of(md5s)}-${parts.length}`;
  store.store(key, { body, etag, checksum, headers: upload.headers });
  store.uploads.end(upload.id);
  const facts = [
    textElement('Location', `/${bucketName}/${key}`, quirks.controlCharacters),
    textElement('Bucket', bucketName),
    textElement('Key', key, quirks.controlCharacters),
    textElement('ETag', shownEtag(etag, quirks)),
  ];
  return { headers: XML, body: document('CompleteMultipartUploadResult', facts.join('')) };
}

/**
 * The parts that a request lists, which must be those that came.
 * @param {string} xml
 * @param {Upload} upload
 */
function askedParts(xml, { parts }) {
  const asked = elementsNamed('Part', xml).map((part) => ({
    number: Number(textNamed('PartNumber', part)),
    etag: (textNamed('ETag', part) ?? '').replace(/^"|"$/g, ''),
    xml: part,
  }));
  if (!isLegalXml(xml) || asked.length === 0) {
    throw new S3Error('MalformedXML', 'The XML you provided was not well-formed or did not validate.');
  }
  if (asked.some(({ number }, index) => number <= (asked[index - 1]?.number ?? -Infinity))) {
    throw new S3Error('InvalidPartOrder', 'The list of parts was not in ascending order.');
  }
  const found = asked.map(({ number, etag, xml: about }) => {
    const part = parts.get(number);
    if (part === undefined || part.etag !== etag || !agreesOnChecksum(part, about)) {
      throw new S3Error('InvalidPart', 'One or more of the specified parts could not be found.');
    }
    return part;
  });
  if (found.slice(0, -1).some(({ bytes }) => bytes.length < MIN_PART_BYTES)) {
    throw new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
  }
  return found;
}

/**
 * @param {Part} part
 * @param {string} xml
 */
function agreesOnChecksum({ bytes }, xml) {
  return CHECKSUM_NAMES.every((name) => {
    const told = textNamed(`Checksum${name.toUpperCase()}`, xml);
    return told === undefined || told === CHECKSUMS[name](bytes);
  });
}

/**
 * One of the whole object; one of the parts' checksums is not kept.
 * @param {S3Headers} headers
 * @param {Buffer} body
 * @returns {Checksum | undefined}
 */
function checksumOfAll(headers, body) {
  const name = CHECKSUM_NAMES.find((each) => headers[`x-amz-checksum-${each}`] !== undefined);
  const value = headers[`x-amz-checksum-${name}`];
  const isOfWhole = headers['x-amz-checksum-type'] === 'FULL_OBJECT';
  if (name === undefined || value === undefined || !isOfWhole) return undefined;
  checkChecksum(name, value, body);
  return { name, value };
}

/**
 * @param {OperationContext} context
 * @returns {S3Answer}
 */
function abortMultipartUpload(context) {
  context.store.uploads.end(uploadOf(context).id);
  return { status: 204 };
}

/**
 * @param {OperationContext} context
 * @returns {S3Answer}
 */
function listParts(context) {
  const { quirks, request } = context;
  const { query, key, bucketName } = request;
  const upload = uploadOf(context);
  const marker = Number(query.get('part-number-marker') ?? 0);
  const limit = Math.min(Number(query.get('max-parts') ?? 1000), 1000);
  const left = [...upload.parts.values()]
    .sort((a, b) => a.number - b.number)
    .filter(({ number }) => number > marker);
  const page = left.slice(0, limit);
  const rows = page.map(({ number, etag, bytes, lastModified }) =>
    element(
      'Part',
      [
        textElement('PartNumber', number),
        textElement('LastModified', lastModified.toISOString()),
        textElement('ETag', shownEtag(etag, quirks)),
        textElement('Size', bytes.length),
      ].join(''),
    ),
  );
  const isTruncated = left.length > page.length;
  const about = [
    textElement('Bucket', bucketName),
    writerOf(context).key('Key', key),
    textElement('UploadId', upload.id),
    textElement('PartNumberMarker', marker),
    isTruncated ? textElement('NextPartNumberMarker', page.at(-1)?.number ?? marker) : '',
    textElement('MaxParts', limit),
    textElement('IsTruncated', isTruncated),
  ];
  return { headers: XML, body: document('ListPartsResult', [...about, ...rows].join('')) };
}

export const MULTIPART_OPERATIONS = {
  CreateMultipartUpload: createMultipartUpload,
  UploadPart: uploadPart,
  UploadPartCopy: uploadPartCopy,
  CompleteMultipartUpload: completeMultipartUpload,
  AbortMultipartUpload: abortMultipartUpload,
  ListParts: listParts,
};
