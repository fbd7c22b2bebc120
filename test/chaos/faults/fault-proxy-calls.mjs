/** @typedef {{ name: string, method: string, has: readonly string[] }} Call */

/**
 * The calls of S3 that an upload makes: method, whether an upload id and the other marks stand in the query.
 *
 * @type {readonly Call[]}
 */
const CALLS = [
  { name: 'UploadPart', method: 'PUT', has: ['partNumber', 'uploadId'] },
  { name: 'PutObject', method: 'PUT', has: [] },
  { name: 'CreateMultipartUpload', method: 'POST', has: ['uploads'] },
  { name: 'CompleteMultipartUpload', method: 'POST', has: ['uploadId'] },
  { name: 'AbortMultipartUpload', method: 'DELETE', has: ['uploadId'] },
  { name: 'ListParts', method: 'GET', has: ['uploadId'] },
  { name: 'ListMultipartUploads', method: 'GET', has: ['uploads'] },
  { name: 'HeadObject', method: 'HEAD', has: [] },
];

/**
 * Which call a request is, and of which key: `{ call, key }`. The bucket stands in the path.
 * @param {string} method
 * @param {string} url
 */
export function callOf(method, url) {
  const { pathname, searchParams } = new URL(url, 'http://store');
  /** @param {string} name */
  const query = (name) => searchParams.has(name);
  const known = CALLS.find((call) => call.method === method && call.has.every(query));
  const call = known?.name ?? 'Other';
  const key = decodeURIComponent(pathname.slice(1).replace(/^[^/]*\/?/, ''));
  return { call, key: call === 'ListMultipartUploads' ? (searchParams.get('prefix') ?? '') : key };
}
