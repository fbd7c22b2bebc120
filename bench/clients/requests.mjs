import { randomBytes } from 'node:crypto';

import { putSigner } from '../load/signature-v4.mjs';

const AUTHORIZATION = `authorization: Basic ${Buffer.from('root:bench').toString('base64')}`;
const BOUNDARY = 'stagedoor-bench-3f1c9a';

/** The bytes of every request of a job, by what is asked for. */
export const REQUESTS = { form, put, signedPut, range, head };

/** Forms of one file each to a stage of Stagedoor. */
function form({ host, stage, directory, bytes, count }) {
  const content = randomBytes(bytes);
  return Array.from({ length: count }, (_, i) => {
    const { before, after } = formAround({ host, stage, directory, name: `f${i}`, bytes });
    return Buffer.concat([before, content, after]);
  });
}

/** What stands around the content of a file in a form, the head of the request included. */
export function formAround({ host, stage, directory, name, bytes }) {
  const disposition = `Content-Disposition: form-data; name="upload"; filename="${name}"`;
  const before = `--${BOUNDARY}\r\n${disposition}\r\nContent-Type: application/octet-stream\r\n\r\n`;
  const after = `\r\n--${BOUNDARY}--\r\n`;
  const headers = [
    AUTHORIZATION,
    `x-databend-stage-name: ${stage}`,
    `x-databend-relative-path: ${directory}`,
    `content-type: multipart/form-data; boundary=${BOUNDARY}`,
    `content-length: ${before.length + bytes + after.length}`,
  ];
  const head = headOf(['PUT', '/v1/upload_to_stage', host], headers);
  return { before: Buffer.from(head + before), after: Buffer.from(after) };
}

/** A PUT of the bare file, to nginx or to Stagedoor. */
function put({ host, path, directory, bytes, count, authorized = false }) {
  const content = randomBytes(bytes);
  const headers = authorized ? [AUTHORIZATION] : [];
  return Array.from({ length: count }, (_, i) =>
    request(['PUT', `${path}/${directory}/f${i}`, host], headers, content),
  );
}

function signedPut({ host, path, directory, bytes, count, keys }) {
  const content = randomBytes(bytes);
  const sign = putSigner({ host, ...keys });
  return Array.from({ length: count }, (_, i) => {
    const target = `${path}/${directory}/f${i}`;
    const headers = Object.entries(sign(target)).map(([name, value]) => `${name}: ${value}`);
    return request(['PUT', target, host], headers, content);
  });
}

function range({ host, path, starts, bytes, authorized = false }) {
  const headers = authorized ? [AUTHORIZATION] : [];
  return starts.map((start) =>
    request(['GET', path, host], [...headers, `range: bytes=${start}-${start + bytes - 1}`]),
  );
}

/** Looks files up that are there. */
function head({ host, paths }) {
  return paths.map((path) => request(['HEAD', path, host], [AUTHORIZATION]));
}

function request(line, headers, content) {
  if (content === undefined) return Buffer.from(headOf(line, headers));
  const head = headOf(line, [...headers, `content-length: ${content.length}`]);
  return Buffer.concat([Buffer.from(head), content]);
}

function headOf([method, target, host], headers) {
  return [`${method} ${target} HTTP/1.1`, `host: ${host}`, ...headers, '', ''].join('\r\n');
}
