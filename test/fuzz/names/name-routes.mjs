/*
 * Every route that takes the name of a file. Each is `(client, stage, name)`; `CONTENT` is what they write.
 */
import { jsonOf } from './name-client.mjs';

export const CONTENT = Buffer.from('written under a hostile name');
const BOUNDARY = 'x----hostile----x';

const escapedBytes = (bytes, kept) =>
  [...bytes]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return kept.test(character) ? character : `%${byte.toString(16).padStart(2, '0').toUpperCase()}`;
    })
    .join('');

/** Three ways to put a name into a URL: escaped but for slashes, escaped all, and as it is. */
export const SPELLINGS = [
  ({ bytes }) => escapedBytes(bytes, /[\w.~/-]/),
  ({ bytes }) => escapedBytes(bytes, /[\w~-]/),
  ({ bytes }) => bytes.toString('latin1'),
];

const filesOf = (stage, rest = '') => `/v1/stages/${stage}/files${rest}`;
const query = (name) => SPELLINGS[1](name);

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

const header = ({ bytes }) => bytes.toString('latin1');
const FILE = Buffer.from('f.txt');

async function presigned(client, url, method) {
  if (typeof url !== 'string') return;
  const { pathname } = new URL(url);
  await client.send(method, pathname, method === 'PUT' ? { body: CONTENT } : {});
}

export const quoted = (text) => `'${text.replace(/\\/g, '\\\\').replace(/'/g, "''")}'`;

export async function sql(client, text) {
  return jsonOf(await client.sendJson('POST', '/v1/query', { sql: text }));
}

const ownSpelling = (spelling) => [
  (client, stage, name) => client.send('PUT', filesOf(stage, `/${spelling(name)}`), { body: CONTENT }),
  (client, stage, name) => client.send('GET', filesOf(stage, `/${spelling(name)}`)),
  (client, stage, name) => client.send('HEAD', filesOf(stage, `/${spelling(name)}`)),
  (client, stage, name) => client.send('DELETE', filesOf(stage, `/${spelling(name)}`)),
  (client, stage, name) => client.send('PUT', filesOf(`${stage}/${spelling(name)}`), { body: CONTENT }),
];

export const FILE_ROUTES = [
  (client, stage, name) => upload(client, { 'x-databend-stage-name': stage }, name.bytes),
  (client, stage, name) =>
    upload(client, { 'x-databend-stage-name': stage, 'x-databend-relative-path': header(name) }, FILE),
  (client, stage, name) => upload(client, { stage_name: stage, relative_path: header(name) }, name.bytes),
  (client, stage, name) => upload(client, { 'x-databend-stage-name': `${stage}/${header(name)}` }, FILE),
  ...SPELLINGS.flatMap(ownSpelling),
  (client, stage, name) => client.send('GET', filesOf(stage, `?prefix=${query(name)}`)),
  (client, stage, name) => client.send('GET', filesOf(stage, `?pattern=${query(name)}`)),
  (client, stage, name) => client.send('GET', filesOf(stage, `?cursor=${query(name)}`)),
  (client, stage, { text }) => client.send('GET', filesOf(stage, `?cursor=${cursorAfter(text)}`)),
  (client, stage, name) => client.send('DELETE', filesOf(stage, `?prefix=${query(name)}`)),
  (client, stage, name) => client.send('DELETE', filesOf(stage, `?pattern=${query(name)}`)),
  (client, stage, name) => presign(client, stage, name, 'PUT'),
  (client, stage, name) => presign(client, stage, name, 'GET'),
  ...['LIST', 'REMOVE'].flatMap((verb) => [
    (client, stage, { text }) => sql(client, `${verb} @${stage}/${text}`),
    (client, stage, { text }) => sql(client, `${verb} ${quoted(`@${stage}/${text}`)}`),
    (client, stage, { text }) => sql(client, `${verb} @${stage} PATTERN = ${quoted(text)}`),
  ]),
  (client, stage, { text }) =>
    sql(client, `SELECT * FROM list_stage(location => ${quoted(`@${stage}/${text}`)})`),
  (client, stage, { text }) => sqlPresign(client, `UPLOAD ${quoted(`@${stage}/${text}`)}`, 'PUT'),
  (client, stage, { text }) => sqlPresign(client, `DOWNLOAD ${quoted(`@${stage}/${text}`)}`, 'GET'),
];

async function presign(client, stage, { text }, method) {
  const answer = await client.sendJson('POST', `/v1/stages/${stage}/presign`, { method, path: text });
  await presigned(client, jsonOf(answer)?.url, method);
}

async function sqlPresign(client, rest, method) {
  const answer = await sql(client, `PRESIGN ${rest}`);
  await presigned(client, answer?.data?.[0]?.[2], method);
}

function cursorAfter(text) {
  return Buffer.from(JSON.stringify({ after: text })).toString('base64url');
}
