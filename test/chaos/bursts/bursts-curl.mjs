import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** @import { Readable } from 'node:stream' */

/** @typedef {'raw' | 'form'} Kind */
/** @typedef {{ stage: string, name: string, kind: Kind, file: string }} CurlUpload */

const CURL = [
  '--silent',
  '--show-error',
  '--user',
  'root:',
  '--max-time',
  '120',
  '--write-out',
  '\n%{http_code}',
];

/**
 * Uploads a file by a curl of its own. @returns why it was not stored, or undefined.
 *
 * @param {string} url
 * @param {CurlUpload} upload
 */
export async function uploadByCurl(url, { stage, name, kind, file }) {
  const child = spawn('curl', [...CURL, ...argumentsOf(url, { stage, name, kind, file })], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'close');
  const [output, complaint] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
  const [code] = await exited;
  const [, body = '', status] = /^([^]*)\n(\d+)$/.exec(output) ?? [];
  const isStored = code === 0 && (kind === 'raw' ? status === '201' : status === '200' && isSuccess(body));
  if (isStored) return undefined;
  return `${stage}/${name} (${kind}): curl ${code}, ${status}: ${(body || complaint).slice(0, 200)}`;
}

/**
 * @param {string} url
 * @param {CurlUpload} upload
 */
function argumentsOf(url, { stage, name, kind, file }) {
  if (kind === 'raw') return ['--upload-file', file, `${url}/v1/stages/${stage}/files/${name}`];
  const form = `upload=@${file};filename=${name}`;
  return [
    '--request',
    'PUT',
    '--header',
    `stage_name: ${stage}`,
    '--form',
    form,
    `${url}/v1/upload_to_stage`,
  ];
}

/** @param {string} body */
function isSuccess(body) {
  return JSON.parse(body).state === 'SUCCESS';
}

/** @param {Readable} stream */
async function textOf(stream) {
  return Buffer.concat(await stream.toArray()).toString();
}
