import { get } from 'node:http';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';

import { LoadBody } from './load-body.mjs';
import { inTurn } from '../support/in-turn.mjs';
import { MANNERS, upload } from './load-upload.mjs';

/** @import { IncomingMessage } from 'node:http' */
/** @import { Kind, Manner } from './load-upload.mjs' */
/** @import { ListedFile } from '../support/stage-http.mjs' */

/** @typedef {{ name: string, body: LoadBody, kind: Kind, manner: Manner }} Plan */
/** @typedef {{ isStored?: boolean, isRefused?: boolean, problem?: string }} Outcome */

/** @type {readonly Kind[]} */
const KINDS = ['form', 'raw'];
const AUTHORIZATION = `Basic ${Buffer.from('root:').toString('base64')}`;

/**
 * So many uploads of so many bytes at once: each is stored whole, or refused with a word when to come again, and refused
 * ones have left nothing.
 *
 * @param {number} port
 * @param {{ uploads: number, bytes: number }} extent
 * @returns figures and `violations`.
 */
export async function burst(port, { uploads, bytes }) {
  /** @type {string[]} */
  const violations = [];
  const start = performance.now();
  const plans = Array.from({ length: uploads }, (_, number) => ({
    name: `burst-${number}`,
    body: new LoadBody(number, bytes),
    kind: inTurn(KINDS, number),
    manner: inTurn(MANNERS, number),
  }));
  const outcomes = await Promise.all(plans.map((plan) => outcomeOf(port, plan)));
  const seconds = (performance.now() - start) / 1000;
  for (const { problem } of outcomes) if (problem !== undefined) violations.push(problem);
  const stored = plans.filter((_, number) => outcomes[number]?.isStored);
  violations.push(...(await problemsOfStage(port, stored)));
  const refused = outcomes.filter(({ isRefused }) => isRefused).length;
  return { stored: stored.length, refused, seconds, violations };
}

/**
 * @param {number} port
 * @param {Plan} plan
 * @returns {Promise<Outcome>}
 */
async function outcomeOf(port, { name, body, kind, manner }) {
  const answer = await upload(port, name, body, { kind, manner });
  const told = (/** @type {string} */ text) => ({ problem: `${name} (${kind}, ${manner}): ${text}` });
  if (typeof answer === 'string') return told(answer);
  const { status, retryAfter, body: text } = answer;
  if (status === 200 || status === 201) return { isStored: true };
  if (status === 503 && retryAfter !== undefined) return { isRefused: true };
  return told(`${status} ${text.slice(0, 200)}`);
}

/**
 * Exactly what was acknowledged is there, byte for byte, and its md5 where a listing has one.
 * @param {number} port
 * @param {readonly Plan[]} stored
 */
async function problemsOfStage(port, stored) {
  /** @type {string[]} */
  const problems = [];
  const listing = (await collected(port, '?prefix=burst-&limit=1000000')).toString();
  const { files } = /** @type {{ files: ListedFile[] }} */ (JSON.parse(listing));
  const listed = new Map(files.map((file) => [file.name, file]));
  if (listed.size !== stored.length)
    problems.push(`${listed.size} files are listed, ${stored.length} acknowledged`);
  for (const { name, body } of stored) {
    const md5 = listed.get(name)?.md5 ?? '';
    if (/^[0-9a-f]{32}$/.test(md5) && md5 !== body.md5()) problems.push(`${name} is listed with md5 ${md5}`);
    if (!(await isWhole(port, name, body))) problems.push(`${name} is not the file that was sent`);
  }
  return problems;
}

/**
 * @param {number} port
 * @param {string} name
 * @param {LoadBody} body
 */
async function isWhole(port, name, body) {
  const answer = await open(port, `/${name}`);
  let at = 0;
  let isSame = answer.statusCode === 200;
  for await (const bytes of /** @type {AsyncIterable<Buffer>} */ (answer)) {
    isSame &&= body.holds(bytes, at);
    at += bytes.length;
  }
  return isSame && at === body.length;
}

/**
 * @param {number} port
 * @param {string} path
 */
async function collected(port, path) {
  return Buffer.concat(await (await open(port, path)).toArray());
}

/**
 * @param {number} port
 * @param {string} path
 * @returns {Promise<IncomingMessage>}
 */
async function open(port, path) {
  const headers = { authorization: AUTHORIZATION };
  const [answer] = await once(
    get({ host: '127.0.0.1', port, path: `/v1/stages/~/files${path}`, headers }),
    'response',
  );
  return answer;
}
