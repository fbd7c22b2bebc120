import { problemsOfRow } from './known-files.mjs';
import { formUpload, rawUpload } from '../support/upload-requests.mjs';

/** @import { KnownFile, KnownFiles } from './known-files.mjs' */
/** @import { Login, Presigned, TimedRequests } from './timed-requests.mjs' */
/** @import { Content, ContentPool } from '../support/contents.mjs' */
/** @import { Random } from '../support/random.mjs' */
/** @import { ListPage } from '../support/stage-http.mjs' */

/**
 * @typedef {object} OperationContext
 * @property {TimedRequests} requests
 * @property {KnownFiles} files
 * @property {readonly KnownFile[]} listed files that are there from the beginning, below `LISTED` of the first stage
 * @property {ContentPool} pool
 * @property {Random} random
 * @property {readonly string[]} stages
 * @property {() => string} freshName
 */
/** @typedef {(context: OperationContext) => Promise<void>} Operation Throws a Refusal, or what is wrong. */

export const LISTED = 'listed/';
const KIB = 1024;
/** @type {readonly (readonly [number, readonly [number, number]])[]} */
const SIZES = [
  [60, [0, 64 * KIB]],
  [34, [64 * KIB, 1024 * KIB]],
  [6, [9 * 1024 * KIB, 12 * 1024 * KIB]],
];
const PAGE = 15;

/** @type {readonly (readonly [weight: number, operation: Operation])[]} */
export const OPERATIONS = [
  [20, rawOne],
  [15, form],
  [20, download],
  [12, list],
  [13, query],
  [10, signIn],
  [10, presigned],
];

/** @param {OperationContext} context */
async function rawOne(context) {
  const file = begun(context);
  await upload(context, rawUpload(file), [file]);
}

/** @param {OperationContext} context */
async function form(context) {
  const first = begun(context);
  const others = Array.from({ length: context.random.below(3) }, () => begun(context, first.stage));
  const files = [first, ...others];
  await upload(context, formUpload({ stage: first.stage, files }), files);
}

/** @param {OperationContext} context */
async function download({ requests, files, random }) {
  const file = files.pick(random);
  const { bytes } = await requests.send({ path: pathOf(file) });
  if (!file.content.equals(bytes)) throw new Error(`${file.name} is not what was uploaded`);
}

/** @param {OperationContext} context */
async function list({ requests, listed, stages }) {
  const rows = [];
  for (let cursor = /** @type {string | null} */ (''); cursor !== null;) {
    const wanted = { prefix: LISTED, limit: String(PAGE), ...(cursor === '' ? {} : { cursor }) };
    const path = `/v1/stages/${stages[0]}/files?${new URLSearchParams(wanted)}`;
    const page = /** @type {ListPage} */ (await requests.json('GET', path));
    rows.push(...page.files);
    cursor = page.next_cursor;
  }
  const [names, wanted] = [rows.map(({ name }) => name), listed.map(({ name }) => name)];
  if (names.join() !== wanted.join()) throw new Error(`LIST has ${names.join()} instead of ${wanted.join()}`);
  const problems = rows.flatMap((row, index) => problemsOfRow(/** @type {KnownFile} */ (listed[index]), row));
  if (problems.length > 0) throw new Error(problems.join('; '));
}

/** @param {OperationContext} context */
async function query({ requests, listed, stages }) {
  const rows = await requests.rows(`LIST @${stages[0]}/${LISTED}`, PAGE);
  const found = rows.map(([name, size, md5]) => `${name} ${size} ${md5}`);
  const wanted = listed.map(({ name, content }) => `${name} ${content.size} "${content.md5}"`);
  const other = wanted.findIndex((row, index) => row !== found[index]);
  if (found.length !== wanted.length || other !== -1) {
    throw new Error(
      `LIST by SQL has ${found.length} of ${wanted.length} rows, and ${found[other]} for ${wanted[other]}`,
    );
  }
}

/** @param {OperationContext} context */
async function signIn({ requests }) {
  const login = /** @type {Login} */ (await requests.json('POST', '/v1/session/login', {}));
  const authorization = `Bearer ${login.tokens.session_token}`;
  const rows = await requests.rows('SELECT 1', PAGE, { authorization });
  if (JSON.stringify(rows) !== '[["1"]]') throw new Error(`SELECT 1 is ${JSON.stringify(rows)}`);
  await requests.json('POST', '/v1/session/logout', {}, { authorization });
}

/** @param {OperationContext} context */
async function presigned(context) {
  const { requests } = context;
  const file = begun(context);
  const presign = async (/** @type {'GET' | 'PUT'} */ method) => {
    const target = { method, path: file.name };
    const answer = await requests.json('POST', `/v1/stages/${file.stage}/presign`, target);
    return new URL(/** @type {Presigned} */ (answer).url);
  };
  const put = await presign('PUT');
  const headers = { 'content-length': String(file.content.size) };
  await upload(
    context,
    { method: 'PUT', path: `${put.pathname}${put.search}`, headers, pieces: [file.content.bytes] },
    [file],
  );
  const get = await presign('GET');
  const { bytes } = await requests.send({ path: `${get.pathname}${get.search}` });
  if (!file.content.equals(bytes))
    throw new Error(`${file.name} by a presigned URL is not what was uploaded`);
}

/**
 * @param {OperationContext} context
 * @param {Parameters<TimedRequests['send']>[0]} request
 * @param {readonly Pick<KnownFile, 'stage' | 'name'>[]} uploaded
 */
async function upload({ requests, files }, request, uploaded) {
  const { headers } = await requests.send(request);
  for (const file of uploaded) files.acknowledge(file, String(headers['x-stagedoor-upload-id']));
}

/**
 * @param {OperationContext} context
 * @param {string} [stage]
 * @returns {{ stage: string, name: string, content: Content }}
 */
function begun({ files, pool, random, stages, freshName }, stage = random.pick(stages)) {
  const [low, high] = random.weighted(SIZES);
  const file = { stage, name: freshName(), content: pool.take(random, random.between(low, high)) };
  files.begin(file);
  return file;
}

/** @param {Pick<KnownFile, 'stage' | 'name'>} file */
function pathOf({ stage, name }) {
  return `/v1/stages/${stage}/files/${name.split('/').map(encodeURIComponent).join('/')}`;
}
