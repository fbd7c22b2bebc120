import { md5Of } from './byte-store.mjs';
import { writerOf } from './listing-operations.mjs';
import { checkDigestIsSent, checksumHeader, keptHeaders, shownEtag } from './object-operations.mjs';
import { checkChecksum } from './s3-body.mjs';
import { CHECKSUMS } from './s3-checksums.mjs';
import { checkWriteConditions } from './s3-conditions.mjs';
import { S3Error } from './s3-error.mjs';
import { document, element, elementsNamed, isLegalXml, textElement, textNamed } from './s3-xml.mjs';

const MIN_PART_BYTES = 5 * 1024 * 1024;
const MAX_PARTS = 10_000;
const XML = { 'content-type': 'application/xml' };

function createMultipartUpload({ store, quirks, request }) {
  const { key, headers, bucketName } = request;
  const upload = store.uploads.begin(key, { headers: keptHeaders(headers) });
  const facts = [
    textElement('Bucket', bucketName),
    textElement('Key', key, quirks.controlCharacters),
    textElement('UploadId', upload.id),
  ];
  const echoed = ['x-amz-checksum-algorithm', 'x-amz-checksum-type'].filter(
    (name) => headers[name] !== undefined,
  );
  const echoes = Object.fromEntries(echoed.map((name) => [name, headers[name]]));
  return { headers: { ...XML, ...echoes }, body: document('InitiateMultipartUploadResult', facts.join('')) };
}

function uploadOf({ store, request: { key, query } }) {
  const upload = store.uploads.find(key, query.get('uploadId'));
  if (upload !== undefined) return upload;
  const why =
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.';
  throw new S3Error('NoSuchUpload', why);
}

async function uploadPart(context) {
  const { quirks, request, readBody } = context;
  uploadOf(context);
  const text = request.query.get('partNumber') ?? '';
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > MAX_PARTS) {
    throw new S3Error(
      'InvalidArgument',
      `Part number must be an integer between 1 and ${MAX_PARTS}, inclusive`,
    );
  }
  const { bytes, checksum, hasDigest } = await readBody();
  checkDigestIsSent(hasDigest, quirks);
  const part = { number, bytes, etag: md5Of(bytes), checksum, lastModified: new Date() };
  // The upload may have been aborted meanwhile.
  uploadOf(context).parts.set(number, part);
  return { headers: { etag: shownEtag(part.etag, quirks), ...checksumHeader(checksum) } };
}

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

/** The parts that a request lists, which must be those that came. */
function askedParts(xml, { parts }) {
  const asked = elementsNamed('Part', xml).map((part) => ({
    number: Number(textNamed('PartNumber', part)),
    etag: (textNamed('ETag', part) ?? '').replace(/^"|"$/g, ''),
    xml: part,
  }));
  if (!isLegalXml(xml) || asked.length === 0) {
    throw new S3Error('MalformedXML', 'The XML you provided was not well-formed or did not validate.');
  }
  if (asked.some(({ number }, index) => index > 0 && number <= asked[index - 1].number)) {
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

function agreesOnChecksum({ bytes }, xml) {
  return Object.entries(CHECKSUMS).every(([name, sumOf]) => {
    const told = textNamed(`Checksum${name.toUpperCase()}`, xml);
    return told === undefined || told === sumOf(bytes);
  });
}

/** One of the whole object; one of the parts' checksums is not kept. */
function checksumOfAll(headers, body) {
  const name = Object.keys(CHECKSUMS).find((each) => headers[`x-amz-checksum-${each}`] !== undefined);
  if (name === undefined || headers['x-amz-checksum-type'] !== 'FULL_OBJECT') return undefined;
  const value = headers[`x-amz-checksum-${name}`];
  checkChecksum(name, value, body);
  return { name, value };
}

function abortMultipartUpload(context) {
  context.store.uploads.end(uploadOf(context).id);
  return { status: 204 };
}

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
  CompleteMultipartUpload: completeMultipartUpload,
  AbortMultipartUpload: abortMultipartUpload,
  ListParts: listParts,
};
