import { S3Error } from './s3-error.mjs';

/** @import { IncomingMessage } from 'node:http' */

/**
 * @typedef {'ListBuckets' | 'HeadBucket' | 'CreateBucket' | 'DeleteBucket' | 'GetBucketLocation'
 *   | 'ListObjects' | 'ListObjectsV2' | 'ListMultipartUploads'
 *   | 'GetObject' | 'HeadObject' | 'PutObject' | 'CopyObject' | 'UploadPartCopy' | 'DeleteObject' | 'DeleteObjects'
 *   | 'CreateMultipartUpload' | 'UploadPart' | 'CompleteMultipartUpload' | 'AbortMultipartUpload' | 'ListParts'
 *   | 'Unknown'} S3Operation
 */
/** @typedef {Readonly<Record<string, string | undefined>>} S3Headers */
/**
 * By method, then by subresource.
 *
 * @typedef {Readonly<Record<string, Readonly<Record<string, S3Operation>>>>} OperationTable
 */
/**
 * @typedef {object} S3Request
 * @property {S3Operation} operation
 * @property {string} method
 * @property {string} path as it was sent
 * @property {string} bucketName
 * @property {string} key
 * @property {readonly (readonly [string, string])[]} parameters
 * @property {ReadonlyMap<string, string>} query
 * @property {S3Headers} headers
 */

/** @type {OperationTable} */
const OF_BUCKET = {
  GET: {
    plain: 'ListObjects',
    'list-type': 'ListObjectsV2',
    location: 'GetBucketLocation',
    uploads: 'ListMultipartUploads',
  },
  HEAD: { plain: 'HeadBucket' },
  PUT: { plain: 'CreateBucket' },
  POST: { delete: 'DeleteObjects' },
  DELETE: { plain: 'DeleteBucket' },
};
/** @type {OperationTable} */
const OF_OBJECT = {
  GET: { plain: 'GetObject', uploadId: 'ListParts' },
  HEAD: { plain: 'HeadObject' },
  PUT: { plain: 'PutObject', uploadId: 'UploadPart' },
  POST: { uploads: 'CreateMultipartUpload', uploadId: 'CompleteMultipartUpload' },
  DELETE: { plain: 'DeleteObject', uploadId: 'AbortMultipartUpload' },
};
/** Each asks for another operation than the path and the method alone. */
const SUBRESOURCES = new Set(
  (
    'accelerate acl analytics attributes cors delete encryption intelligent-tiering inventory legal-hold lifecycle ' +
    'list-type location logging metrics notification object-lock ownershipControls policy publicAccessBlock ' +
    'replication requestPayment restore retention select session tagging torrent uploadId uploads versionId versioning ' +
    'versions website'
  ).split(' '),
);

/**
 * What a request is about: its operation, bucket, key and query as byte strings, decoded once and never normalised.
 *
 * @param {IncomingMessage} incoming
 * @returns {S3Request}
 */
export function readRequest(incoming) {
  const { method = '', url = '' } = incoming;
  const headers = headersOf(incoming);
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const slash = path.indexOf('/', 1);
  const bucketName = percentDecoded(slash < 0 ? path.slice(1) : path.slice(1, slash));
  const key = slash < 0 ? '' : percentDecoded(path.slice(slash + 1));
  const parameters = mark < 0 ? [] : queryParameters(url.slice(mark + 1));
  const query = new Map(parameters);
  const operation = operationOf({ method, bucketName, key, query, headers });
  return { method, path, bucketName, key, parameters, query, headers, operation };
}

/**
 * The headers of a request, each a text: Node joins those that come twice, but for `set-cookie`, which no request has.
 *
 * @param {IncomingMessage} incoming
 */
export function headersOf({ headers }) {
  return /** @type {S3Headers} */ (headers);
}

/**
 * @param {Pick<S3Request, 'method' | 'bucketName' | 'key' | 'query' | 'headers'>} request
 * @returns {S3Operation}
 */
function operationOf({ method, bucketName, key, query, headers }) {
  if (bucketName === '') return method === 'GET' && key === '' ? 'ListBuckets' : 'Unknown';
  const asked = [...query.keys()].filter((name) => SUBRESOURCES.has(name));
  const table = (key === '' ? OF_BUCKET : OF_OBJECT)[method] ?? {};
  const operation = asked.length > 1 ? undefined : table[asked[0] ?? 'plain'];
  if (headers['x-amz-copy-source'] === undefined) return operation ?? 'Unknown';
  if (operation === 'UploadPart') return 'UploadPartCopy';
  return operation === 'PutObject' ? 'CopyObject' : 'Unknown';
}

/**
 * @param {string} text
 * @returns {[string, string][]}
 */
function queryParameters(text) {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
      return [formDecoded(name), formDecoded(value)];
    });
}

/** @param {string} text */
function formDecoded(text) {
  return percentDecoded(text.replaceAll('+', ' '));
}

/**
 * Bytes in, bytes out: what they mean is nobody's business here.
 * @param {string} text
 */
export function percentDecoded(text) {
  return text.replace(/%([0-9a-f]{2})?/gi, (_all, hex) => {
    if (hex === undefined) throw new S3Error('InvalidURI', "Couldn't parse the specified URI.");
    return String.fromCharCode(Number.parseInt(hex, 16));
  });
}

/**
 * As signatures have it: RFC 3986's unreserved characters stand for themselves, and what `kept` names.
 * @param {string} bytes
 * @param {string} [kept]
 */
export function percentEncoded(bytes, kept = '') {
  return bytes.replace(/[^A-Za-z0-9_.~-]/g, (character) =>
    kept.includes(character)
      ? character
      : `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
