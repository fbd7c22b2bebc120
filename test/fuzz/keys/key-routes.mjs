/*
 * Every route that acts on a file or on files by their name.
 */
import { Agent, request } from 'node:http';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';

import { jsonOf } from '../names/name-client.mjs';
import { quoted as sqlText, sql } from '../names/name-routes.mjs';
import { collapsed, mayBeRefused, quoted } from './key-oracle.mjs';

/** @import { IncomingMessage } from 'node:http' */
/** @import { FormRandom } from '../forms/form-random.mjs' */
/** @import { NameAnswer, NameClient } from '../names/name-client.mjs' */
/** @import { KeyOracle } from './key-oracle.mjs' */

/** @typedef {{ client: NameClient, random: FormRandom, stage: string, oracle: KeyOracle }} RouteContext */
/**
 * @typedef {object} Target
 * @property {string} text the name as a listing shows it
 * @property {Buffer} bytes how it is written into a URL
 * @property {boolean} isRaw its bytes are no UTF-8
 */
/** @typedef {Pick<Target, 'text'> & Partial<Target>} NamedTarget */
/**
 * @typedef {object} Acted
 * @property {string[]} problems
 * @property {readonly string[]} [mayGo] objects that may go by it
 * @property {readonly string[]} [mustGo] objects that must
 * @property {number} [removed] how many the answer says are removed
 */
/** @typedef {(context: RouteContext, target: Target) => Promise<Acted>} KeyRoute */

const MAX_PATTERN_TEXT = 90;
/** @type {NameAnswer} */
const NO_ANSWER = { status: 404, headers: {}, bytes: Buffer.alloc(0) };
const plainAgent = new Agent({ keepAlive: true });

/** @type {(bytes: Buffer, kept: RegExp) => string} */
const escaped = (bytes, kept) =>
  [...bytes]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return kept.test(character) ? character : `%${byte.toString(16).padStart(2, '0').toUpperCase()}`;
    })
    .join('');

/**
 * @param {RouteContext} context
 * @param {Target} target
 */
function fileUrl({ stage, random }, { bytes }) {
  return `/v1/stages/${stage}/files/${escaped(bytes, random.pick([/[\w.~/-]/, /[\w~-]/]))}`;
}

/**
 * @param {Pick<RouteContext, 'stage'>} context
 * @param {Readonly<Record<string, string>>} query
 */
function filesUrl({ stage }, query) {
  const parameters = Object.entries(query).map(
    ([name, text]) => `${name}=${escaped(Buffer.from(text), /[\w~-]/)}`,
  );
  return `/v1/stages/${stage}/files?${parameters.join('&')}`;
}

/**
 * What is wrong with an answer to a request for that object, or for none.
 *
 * @param {RouteContext} context
 * @param {NamedTarget} target
 * @param {readonly (string | undefined)[]} names the objects that may be meant; the first that is there counts
 * @param {NameAnswer & { isHead?: boolean }} answer
 */
function problemsOfRead({ oracle }, target, names, { status, bytes, headers, isHead = false }) {
  const { text } = target;
  const named = names.filter((name) => name !== undefined);
  const [name] = named;
  const expected = name === undefined ? undefined : oracle.before.get(name);
  if (status === 200) {
    const isRight = isHead
      ? Number(headers['content-length']) === expected?.length
      : bytes.toString('latin1') === expected;
    if (isRight) return [];
    return [
      `another: ${quoted(text)} ${name === undefined ? 'is not there' : 'is another object'}, and is sent`,
    ];
  }
  const isHidden = name === undefined || oracle.isMarker(name) || isFree(target);
  return isHidden && (status === 404 || status === 400) ? [] : [`unreached: ${quoted(text)}: ${status}`];
}

/**
 * @param {RouteContext} context
 * @param {Target} target
 * @param {'GET' | 'HEAD'} method
 * @returns {Promise<Acted>}
 */
async function read(context, target, method) {
  const answer = await ask(context, method, fileUrl(context, target));
  const names = [context.oracle.meaning(target.text)];
  return { problems: problemsOfRead(context, target, names, { ...answer, isHead: method === 'HEAD' }) };
}

/**
 * No answer at all is told by the client itself.
 * @param {RouteContext} context
 * @param {string} method
 * @param {string} url
 */
async function ask({ client }, method, url) {
  return (await client.send(method, url)) ?? NO_ANSWER;
}

/**
 * Bytes that are no UTF-8 need not be taken in a URL, where a listing shows another spelling of them.
 * @param {NamedTarget} target
 */
function isFree({ text, isRaw = false }) {
  return isRaw || mayBeRefused(text);
}

/** @type {KeyRoute} */
const removeOne = async (context, target) => {
  const answer = await ask(context, 'DELETE', fileUrl(context, target));
  const name = context.oracle.meaning(target.text);
  const isRemoved = answer.status === 200;
  const isHidden = name === undefined || context.oracle.isMarker(name) || isFree(target);
  return {
    problems: isRemoved || isHidden ? [] : [`unreached: ${quoted(target.text)}: ${answer.status}`],
    removed: isRemoved ? removedBy(answer) : 0,
    mayGo: name === undefined ? [] : [name],
    mustGo: isRemoved && name !== undefined ? [name] : [],
  };
};

/**
 * How many files an answer says are removed.
 *
 * @param {NameAnswer} answer
 */
function removedBy(answer) {
  return jsonOf(answer)?.removed ?? Number.NaN;
}

/**
 * @param {RouteContext} context
 * @param {Readonly<Record<string, string>>} query
 * @param {readonly string[]} names
 * @param {string} text
 * @returns {Promise<Acted>}
 */
async function removeSelected(context, query, names, text) {
  const answer = await ask(context, 'DELETE', filesUrl(context, query));
  const isRemoved = answer.status === 200;
  const isPatternTooLong = query['pattern'] !== undefined && text.length > MAX_PATTERN_TEXT;
  const mayFail = names.length === 0 || mayBeRefused(text) || isPatternTooLong;
  return {
    problems: isRemoved || mayFail ? [] : [`unreached: ${quoted(text)}: ${answer.status}`],
    removed: isRemoved ? removedBy(answer) : 0,
    mayGo: names,
    mustGo: isRemoved ? names : [],
  };
}

/** @type {KeyRoute} */
const removeByPrefix = (context, target) => {
  const prefix = prefixOf(context, target);
  return removeSelected(context, { prefix }, context.oracle.below(prefix), prefix);
};

/** @type {KeyRoute} */
const removeByPattern = (context, { text }) =>
  removeSelected(context, { pattern: literal(text) }, context.oracle.named(text), text);

/** @type {KeyRoute} */
const removeByPatternBelow = (context, target) => {
  const prefix = prefixOf(context, target);
  return removeSelected(
    context,
    { pattern: `${literal(prefix)}(?s:.*)` },
    context.oracle.below(prefix),
    prefix,
  );
};

/**
 * A regular expression of RE2 that matches this text alone.
 * @param {string} text
 */
function literal(text) {
  return [...text]
    .map((character) => (/\w/.test(character) ? character : `\\x{${character.codePointAt(0)?.toString(16)}}`))
    .join('');
}

/**
 * The whole name, or the beginning of it, never within the spelling of a single byte.
 * @param {RouteContext} context
 * @param {Target} target
 */
function prefixOf({ random }, { text }) {
  const characters = [...text];
  const isCut = random.chance(0.5) && !/[\ufdd0\ufffd]/.test(text);
  return isCut ? characters.slice(0, 1 + random.below(characters.length)).join('') : text;
}

/** @type {KeyRoute} */
const removeBySql = async (context, target) => {
  const prefix = prefixOf(context, target);
  const names = context.oracle.below(prefix);
  const where = isPlain(prefix)
    ? `@${context.stage}/${prefix}`
    : `@${context.stage} PATTERN = ${sqlText(`${literal(prefix)}(?s:.*)`)}`;
  const answer = await sql(context.client, `REMOVE ${where}`);
  const isRemoved = answer !== undefined && !answer.error;
  const mayFail = names.length === 0 || mayBeRefused(prefix) || prefix.length > MAX_PATTERN_TEXT;
  const refusal = `unreached: ${quoted(prefix)}: ${answer?.error?.message?.slice(0, 100)}`;
  return { problems: isRemoved || mayFail ? [] : [refusal], mayGo: names, mustGo: isRemoved ? names : [] };
};

/**
 * Only such a location stands in SQL without quotes, whatever comes after it.
 * @param {string} text
 */
function isPlain(text) {
  return /^[\w./%=+~:-]*$/.test(text) && !text.includes('--');
}

/**
 * @param {RouteContext} context
 * @param {string} prefix
 * @param {readonly string[]} shown
 * @param {readonly string[]} prefixes the second one holds where nothing is below the first.
 */
function problemsOfListing({ oracle }, prefix, shown, prefixes) {
  const [exact = [], other = exact] = prefixes.map((each) =>
    oracle
      .below(each)
      .filter((name) => !oracle.isMarker(name))
      .sort()
      .map((name) => oracle.textFor(name)),
  );
  const expected = exact.length > 0 ? exact : other;
  if (JSON.stringify(expected) === JSON.stringify(shown)) return [];
  const extra = shown.find((name) => !expected.includes(name));
  if (extra !== undefined) return [`another: below ${quoted(prefix)} is listed ${quoted(extra)}`];
  if (mayBeRefused(prefix)) return [];
  return [`unreached: below ${quoted(prefix)} are listed ${shown.length} of ${expected.length}`];
}

/** @type {KeyRoute} */
const listByPrefix = async (context, target) => {
  const prefix = prefixOf(context, target);
  const answer = await ask(context, 'GET', filesUrl(context, { prefix }));
  const shown = jsonOf(answer)?.files?.map(({ name }) => name) ?? [];
  return { problems: problemsOfListing(context, prefix, shown, [prefix]) };
};

/** @type {KeyRoute} */
const listBySql = async (context, target) => {
  const prefix = prefixOf(context, target);
  const location = `@${context.stage}/${prefix}`;
  const statement = isPlain(prefix)
    ? `LIST ${location}`
    : `SELECT name FROM list_stage(location => ${sqlText(location)})`;
  const answer = await sql(context.client, statement);
  const shown = (answer?.data ?? []).map(([name = '']) => name);
  return { problems: problemsOfListing(context, prefix, shown, [prefix, collapsed(prefix)]) };
};

/** @type {KeyRoute} */
const presignByRest = async (context, { text }) => {
  const target = { text };
  const { client, stage, oracle } = context;
  const answer = await client.sendJson('POST', `/v1/stages/${stage}/presign`, { method: 'GET', path: text });
  const { url } = jsonOf(answer) ?? {};
  const read = url === undefined ? (answer ?? NO_ANSWER) : await fetchPlainly(url);
  return { problems: problemsOfRead(context, target, [oracle.meaning(text)], read) };
};

/** @type {KeyRoute} */
const presignBySql = async (context, { text }) => {
  const target = { text };
  const { client, stage, oracle } = context;
  const answer = await sql(client, `PRESIGN DOWNLOAD ${sqlText(`@${stage}/${text}`)}`);
  const url = answer?.data?.[0]?.[2];
  const read = url === undefined ? { ...NO_ANSWER, status: 400 } : await fetchPlainly(url);
  return {
    problems: problemsOfRead(context, target, [oracle.meaning(text), oracle.meaning(collapsed(text))], read),
  };
};

/**
 * A GET of a URL as it is written: nothing of its path is cleaned, and no credentials go with it.
 * @param {string} url
 * @returns {Promise<NameAnswer>}
 */
async function fetchPlainly(url) {
  const [, host, port, path] = /^http:\/\/([^/:]+):(\d+)(\/.*)$/.exec(url) ?? [];
  const outgoing = request({ host, port, path, agent: plainAgent }).end();
  // What `response` brings is Node's promise.
  const [incoming] = /** @type {[IncomingMessage]} */ (await once(outgoing, 'response'));
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, bytes: await buffer(incoming) };
}

/** @type {Readonly<Record<string, KeyRoute>>} */
export const KEY_ROUTES = {
  GET: (context, target) => read(context, target, 'GET'),
  HEAD: (context, target) => read(context, target, 'HEAD'),
  DELETE: removeOne,
  'DELETE ?prefix': removeByPrefix,
  'DELETE ?pattern, one name': removeByPattern,
  'DELETE ?pattern, a prefix': removeByPatternBelow,
  'GET ?prefix': listByPrefix,
  REMOVE: removeBySql,
  LIST: listBySql,
  'POST presign, GET': presignByRest,
  'PRESIGN DOWNLOAD, GET': presignBySql,
};
