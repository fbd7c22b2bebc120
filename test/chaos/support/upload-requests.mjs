/** @import { Content } from './contents.mjs' */

const BOUNDARY = '----chaos-boundary-7MA4YWxkTrZu0gW';
const CRLF = '\r\n';

/** @typedef {Readonly<Record<string, string>>} Headers */
/** @typedef {'length' | 'chunked'} Framing */
/** @typedef {{ stage: string, name: string, content: Content, framing?: Framing, headers?: Headers }} RawUpload */
/** @typedef {{ name: string, content: Content, headers?: Headers }} FormFile */
/**
 * @typedef {object} FormUpload
 * @property {string} stage
 * @property {string | undefined} [directory]
 * @property {readonly FormFile[]} files
 * @property {Framing} [framing]
 * @property {Headers} [headers]
 */
/** @typedef {{ method: string, path: string, headers: Record<string, string>, pieces: Buffer[], bodyStart: number }} UploadRequest */

/**
 * The request of an upload as the body itself. `framing` is 'length' or 'chunked'. `bodyStart` is how many bytes stand
 * before the file's own.
 * @param {RawUpload} upload
 * @returns {UploadRequest}
 */
export function rawUpload({ stage, name, content, framing = 'length', headers = {} }) {
  const path = name.split('/').map(encodeURIComponent).join('/');
  return {
    method: 'PUT',
    path: `/v1/stages/${encodeURIComponent(stage)}/files/${path}`,
    headers: { ...headers, ...lengthHeader(framing, [content.bytes]) },
    pieces: [content.bytes],
    bodyStart: 0,
  };
}

/**
 * The request of a form. `files` are `{ name, content, headers }`, their names below `directory`; the headers of a file are
 * those of its form part.
 * @param {FormUpload} upload
 * @returns {UploadRequest}
 */
export function formUpload({ stage, directory, files, framing = 'length', headers = {} }) {
  const parts = files.flatMap(({ name, content, headers: own = {} }, index) => [
    partHead(index, name, own),
    content.bytes,
    Buffer.from(CRLF),
  ]);
  const pieces = [...parts, Buffer.from(`--${BOUNDARY}--${CRLF}`)];
  return {
    method: 'PUT',
    path: '/v1/upload_to_stage',
    headers: {
      'x-databend-stage-name': stage,
      ...(directory === undefined ? {} : { 'x-databend-relative-path': inUtf8(directory) }),
      'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
      ...headers,
      ...lengthHeader(framing, pieces),
    },
    pieces,
    bodyStart: pieces[0]?.length ?? 0,
  };
}

/**
 * @param {number} index
 * @param {string} name
 * @param {Headers} headers
 */
function partHead(index, name, headers) {
  const lines = [
    `--${BOUNDARY}`,
    `Content-Disposition: form-data; name="file${index}"; filename="${name}"`,
    'Content-Type: application/octet-stream',
    ...Object.entries(headers).map(([header, value]) => `${header}: ${value}`),
  ];
  return Buffer.from(`${lines.join(CRLF)}${CRLF}${CRLF}`);
}

/**
 * Node writes a header in Latin-1: one character for each byte.
 * @param {string} value
 */
function inUtf8(value) {
  return Buffer.from(value, 'utf8').toString('latin1');
}

/**
 * @param {Framing} framing
 * @param {readonly Buffer[]} pieces
 * @returns {Record<string, string>}
 */
function lengthHeader(framing, pieces) {
  if (framing === 'chunked') return { 'transfer-encoding': 'chunked' };
  return { 'content-length': String(pieces.reduce((sum, piece) => sum + piece.length, 0)) };
}
