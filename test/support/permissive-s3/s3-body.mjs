import { createHash } from 'node:crypto';

import { md5Of } from './byte-store.mjs';
import { CHECKSUM_NAMES, CHECKSUMS } from './s3-checksums.mjs';
import { S3Error } from './s3-error.mjs';
import { headersOf } from './s3-request.mjs';

/** @import { IncomingMessage } from 'node:http' */
/** @import { Checksum, ChecksumName } from './s3-checksums.mjs' */
/** @import { S3Headers } from './s3-request.mjs' */

/** @typedef {{ checksumsAreOfBody?: boolean }} BodyOptions False where the headers speak of another content. */
/**
 * Whether anything was sent to check it by.
 *
 * @typedef {{ bytes: Buffer, checksum: Checksum | undefined, hasDigest: boolean }} SentBody
 */

const STREAMED = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';

/**
 * The whole body of a request, after every digest that was declared of it held.
 *
 * @param {IncomingMessage} incoming
 * @param {string} [payload] what the signature says of it.
 * @param {BodyOptions} [options]
 * @returns {Promise<SentBody>}
 */
export async function readBody(incoming, payload = 'UNSIGNED-PAYLOAD', { checksumsAreOfBody = true } = {}) {
  const headers = headersOf(incoming);
  if (headers['transfer-encoding'] !== undefined && payload !== STREAMED) {
    const why = 'A header you provided implies functionality that is not implemented.';
    throw new S3Error('NotImplemented', why, { fields: { Header: 'Transfer-Encoding' } });
  }
  if (payload !== STREAMED && headers['content-length'] === undefined && incoming.method === 'PUT') {
    throw new S3Error('MissingContentLength', 'You must provide the Content-Length HTTP header.');
  }
  /** @type {Buffer[]} */
  const chunks = [];
  for await (const chunk of /** @type {AsyncIterable<Buffer>} */ (incoming)) chunks.push(chunk);
  const sent = Buffer.concat(chunks);
  if (payload !== STREAMED) {
    checkPayload(payload, sent);
    return checked(sent, headers, checksumsAreOfBody ? headers : {});
  }
  const { bytes, trailers } = unchunked(sent);
  if (bytes.length !== Number(headers['x-amz-decoded-content-length'])) {
    throw new S3Error('IncompleteBody', 'The request body is not as long as it was said to be.');
  }
  const trailer = headers['x-amz-trailer'];
  if (trailer !== undefined && !trailers.has(trailer)) {
    throw new S3Error('InvalidRequest', 'The trailer that x-amz-trailer declares is missing.');
  }
  return checked(bytes, headers, { ...headers, ...Object.fromEntries(trailers) });
}

/**
 * @param {string} payload
 * @param {Buffer} bytes
 */
function checkPayload(payload, bytes) {
  if (payload === 'UNSIGNED-PAYLOAD') return;
  if (!/^[0-9a-f]{64}$/.test(payload)) {
    throw new S3Error('NotImplemented', `This store reads no payload of the kind ${payload}.`);
  }
  if (createHash('sha256').update(bytes).digest('hex') !== payload) {
    const why = "The provided 'x-amz-content-sha256' header does not match what was computed.";
    throw new S3Error('XAmzContentSHA256Mismatch', why);
  }
}

/**
 * Takes an aws-chunked body apart: sizes in hexadecimal, a chunk of size 0, then trailers.
 * @param {Buffer} sent
 */
function unchunked(sent) {
  const incomplete = () => new S3Error('IncompleteBody', 'The chunks of the request body are incomplete.');
  const chunks = [];
  for (let at = 0; ;) {
    const end = sent.indexOf('\r\n', at);
    const size = Number.parseInt(sent.toString('latin1', at, end), 16);
    if (end < 0 || Number.isNaN(size)) throw incomplete();
    if (size === 0)
      return { bytes: Buffer.concat(chunks), trailers: trailersOf(sent.toString('latin1', end + 2)) };
    const chunk = sent.subarray(end + 2, end + 2 + size);
    if (chunk.length < size) throw incomplete();
    chunks.push(chunk);
    at = end + 2 + size + 2;
  }
}

/** @param {string} text */
function trailersOf(text) {
  const lines = text.split('\r\n').filter((line) => line.includes(':'));
  return new Map(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
}

/**
 * @param {Buffer} bytes
 * @param {S3Headers} headers
 * @param {S3Headers} declared
 * @returns {SentBody}
 */
function checked(bytes, headers, declared) {
  const md5 = headers['content-md5'];
  if (md5 !== undefined) checkMd5(md5, bytes);
  const names = CHECKSUM_NAMES.filter((name) => declared[`x-amz-checksum-${name}`] !== undefined);
  if (names.length > 1) {
    throw new S3Error(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum types are not allowed.',
    );
  }
  const [name] = names;
  const value = declared[`x-amz-checksum-${name}`];
  if (name === undefined || value === undefined)
    return { bytes, hasDigest: md5 !== undefined, checksum: undefined };
  checkChecksum(name, value, bytes);
  return { bytes, hasDigest: true, checksum: { name, value } };
}

/**
 * @param {string} declared
 * @param {Buffer} bytes
 */
function checkMd5(declared, bytes) {
  if (Buffer.from(declared, 'base64').length !== 16) {
    throw new S3Error('InvalidDigest', 'The Content-MD5 you specified was invalid.');
  }
  if (md5Of(bytes, 'base64') !== declared) {
    throw new S3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
}

/**
 * Throws where the content has another checksum.
 * @param {ChecksumName} name
 * @param {string} declared
 * @param {Buffer} bytes
 */
export function checkChecksum(name, declared, bytes) {
  if (CHECKSUMS[name](bytes) !== declared) {
    throw new S3Error(
      'BadDigest',
      `The ${name.toUpperCase()} you specified did not match the calculated checksum.`,
    );
  }
}
