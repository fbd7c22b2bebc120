/*
 * Every route that takes the name of a file; `CONTENT` is what they write.
 */
import { jsonOf } from './name-client.mjs';

/** @import { OutgoingHttpHeaders } from 'node:http' */
/** @import { NameClient } from './name-client.mjs' */
/** @import { HostileName } from './name-corpus.mjs' */

/** @typedef {(name: Pick<HostileName, 'bytes'>) => string} Spelling */
/** @typedef {(client: NameClient, stage: string, name: HostileName) => Promise<unknown>} FileRoute */

export const CONTENT = Buffer.from('written under a hostile name');
const BOUNDARY = 'x----hostile----x';

/** @type {(bytes: Buffer, kept: RegExp) => string} */
const escapedBytes = (bytes, kept) =>
  [...bytes]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return kept.test(character) ? character : `%${byte.toString(16).padStart(2, '0').toUpperCase()}`;
    })
    .join('');

/**
 * Escaped but for slashes.
 *
 * @type {Spelling}
 */
const withSlashes = ({ bytes }) => escapedBytes(bytes, /[\w.~/-]/);
/** @type {Spelling} */
export const escaped = ({ bytes }) => escapedBytes(bytes, /[\w~-]/);
/** @type {Spelling} */
export const asItIs = ({ bytes }) => bytes.toString('latin1');
/** The ways to put a name into a URL. */
const SPELLINGS = [withSlashes, escaped, asItIs];

/** @type {(stage: string, rest?: string) => string} */
const filesOf = (stage, rest = '') => `/v1/stages/${stage}/files${rest}`;

/** @param {Buffer} fileName */
function form(fileName) {
  const shown = fileName
    .toString('latin1')
    .replace(/\\/g, '\\\\')
    .replace(/"/g, '%22')
    .replace(/\r/g, '%0D')
    .replace(/\n/g, '%0A');
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename="${shown}"\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), CONTENT, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]);
}

/**
 * @param {NameClient} client
 * @param {OutgoingHttpHeaders} headers
 * @param {Buffer} fileName
 */
async function upload(client, headers, fileName) {
  return client.send('PUT', '/v1/upload_to_stage', {
    headers: {
      ...headers,
      'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
      'user-agent': 'curl/8.5.0', // which escapes names so
    },
    body: form(fileName),
  });
}

const FILE = Buffer.from('f.txt');

/**
 * @param {NameClient} client
 * @param {string | undefined} url
 * @param {'GET' | 'PUT'} method
 */
async function presigned(client, url, method) {
  if (typeof url !== 'string') return;
  const { pathname } = new URL(url);
  await client.send(method, pathname, method === 'PUT' ? { body: CONTENT } : {});
}

/** @param {string} text */
export const quoted = (text) => `'${text.replace(/\\/g, '\\\\').replace(/'/g, "''")}'`;

/**
 * @param {NameClient} client
 * @param {string} text
 */
export async function sql(client, text) {
  return jsonOf(await client.sendJson('POST', '/v1/query', { sql: text }));
}

/** @type {(spelling: Spelling) => FileRoute[]} */
const ownSpelling = (spelling) => [
  (client, stage, name) => client.send('PUT', filesOf(stage, `/${spelling(name)}`), { body: CONTENT }),
  (client, stage, name) => client.send('GET', filesOf(stage, `/${spelling(name)}`)),
  (client, stage, name) => client.send('HEAD', filesOf(stage, `/${spelling(name)}`)),
  (client, stage, name) => client.send('DELETE', filesOf(stage, `/${spelling(name)}`)),
  (client, stage, name) => client.send('PUT', filesOf(`${stage}/${spelling(name)}`), { body: CONTENT }),
];

/** @type {(verb: string) => FileRoute[]} */
const statementsOf = (verb) => [
  (client, stage, { text }) => sql(client, `${verb} @${stage}/${text}`),
  (client, stage, { text }) => sql(client, `${verb} ${quoted(`@${stage}/${text}`)}`),
  (client, stage, { text }) => sql(client, `${verb} @${stage} PATTERN = ${quoted(text)}`),
];

/** @type {readonly FileRoute[]} */
export const FILE_ROUTES = [
  (client, stage, name) => upload(client, { 'x-databend-stage-name': stage }, name.bytes),
  (client, stage, name) =>
    upload(client, { 'x-databend-stage-name': stage, 'x-databend-relative-path': asItIs(name) }, FILE),
  (client, stage, name) => upload(client, { stage_name: stage, relative_path: asItIs(name) }, name.bytes),
  (client, stage, name) => upload(client, { 'x-databend-stage-name': `${stage}/${asItIs(name)}` }, FILE),
  ...SPELLINGS.flatMap(ownSpelling),
  (client, stage, name) => client.send('GET', filesOf(stage, `?prefix=${escaped(name)}`)),
  (client, stage, name) => client.send('GET', filesOf(stage, `?pattern=${escaped(name)}`)),
  (client, stage, name) => client.send('GET', filesOf(stage, `?cursor=${escaped(name)}`)),
  (client, stage, { text }) => client.send('GET', filesOf(stage, `?cursor=${cursorAfter(text)}`)),
  (client, stage, name) => client.send('DELETE', filesOf(stage, `?prefix=${escaped(name)}`)),
  (client, stage, name) => client.send('DELETE', filesOf(stage, `?pattern=${escaped(name)}`)),
  (client, stage, name) => presign(client, stage, name, 'PUT'),
  (client, stage, name) => presign(client, stage, name, 'GET'),
  ...['LIST', 'REMOVE'].flatMap(statementsOf),
  (client, stage, { text }) =>
    sql(client, `SELECT * FROM list_stage(location => ${quoted(`@${stage}/${text}`)})`),
  (client, stage, { text }) => sqlPresign(client, `UPLOAD ${quoted(`@${stage}/${text}`)}`, 'PUT'),
  (client, stage, { text }) => sqlPresign(client, `DOWNLOAD ${quoted(`@${stage}/${text}`)}`, 'GET'),
];

/**
 * @param {NameClient} client
 * @param {string} stage
 * @param {HostileName} name
 * @param {'GET' | 'PUT'} method
 */
async function presign(client, stage, { text }, method) {
  const answer = await client.sendJson('POST', `/v1/stages/${stage}/presign`, { method, path: text });
  await presigned(client, jsonOf(answer)?.url, method);
}

/**
 * @param {NameClient} client
 * @param {string} rest
 * @param {'GET' | 'PUT'} method
 */
async function sqlPresign(client, rest, method) {
  const answer = await sql(client, `PRESIGN ${rest}`);
  await presigned(client, answer?.data?.[0]?.[2], method);
}

/** @param {string} text */
function cursorAfter(text) {
  return Buffer.from(JSON.stringify({ after: text })).toString('base64url');
}
