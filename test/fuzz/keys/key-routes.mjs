/*
 * Every route that acts on a file or on files by their name. Each is `(context, target)`, and resolves with `problems`, and with
 * `mayGo` and `mustGo` where objects may go by it. `target` has `text`, the name as a listing shows it, and `bytes`, how it is
 * written into a URL.
 */
import { Agent, request } from 'node:http';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';

import { jsonOf } from '../names/name-client.mjs';
import { quoted as sqlText, sql } from '../names/name-routes.mjs';
import { collapsed, mayBeRefused, quoted } from './key-oracle.mjs';

const MAX_PATTERN_TEXT = 90;
const plainAgent = new Agent({ keepAlive: true });

const escaped = (bytes, kept) =>
  [...bytes]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return kept.test(character) ? character : `%${byte.toString(16).padStart(2, '0').toUpperCase()}`;
    })
    .join('');

function fileUrl({ stage, random }, { bytes }) {
  return `/v1/stages/${stage}/files/${escaped(bytes, random.pick([/[\w.~/-]/, /[\w~-]/]))}`;
}

function filesUrl({ stage }, query) {
  const parameters = Object.entries(query).map(
    ([name, text]) => `${name}=${escaped(Buffer.from(text), /[\w~-]/)}`,
  );
  return `/v1/stages/${stage}/files?${parameters.join('&')}`;
}

/** Is this the answer that a name of that object, or of none, may get? */
function judgeRead({ oracle }, target, names, { status, bytes, headers }, isHead = false) {
  const { text } = target;
  const named = names.filter((name) => name !== undefined);
  const [name] = named;
  const expected = oracle.before.get(name);
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

async function read(context, target, method) {
  const answer = await ask(context, method, fileUrl(context, target));
  const names = [context.oracle.meaning(target.text)];
  return { problems: judgeRead(context, target, names, answer, method === 'HEAD') };
}

/** No answer at all is told by the client itself. */
async function ask({ client }, method, url) {
  return (await client.send(method, url)) ?? { status: 404, headers: {}, bytes: Buffer.alloc(0) };
}

/** Bytes that are no UTF-8 need not be taken in a URL, where a listing shows another spelling of them. */
function isFree({ text, isRaw }) {
  return isRaw || mayBeRefused(text);
}

async function removeOne(context, target) {
  const answer = await ask(context, 'DELETE', fileUrl(context, target));
  const name = context.oracle.meaning(target.text);
  const isRemoved = answer.status === 200;
  const isHidden = name === undefined || context.oracle.isMarker(name) || isFree(target);
  return {
    problems: isRemoved || isHidden ? [] : [`unreached: ${quoted(target.text)}: ${answer.status}`],
    removed: isRemoved ? jsonOf(answer).removed : 0,
    mayGo: name === undefined ? [] : [name],
    mustGo: isRemoved && name !== undefined ? [name] : [],
  };
}

async function removeSelected(context, query, names, text) {
  const answer = await ask(context, 'DELETE', filesUrl(context, query));
  const isRemoved = answer.status === 200;
  const isPatternTooLong = query.pattern !== undefined && text.length > MAX_PATTERN_TEXT;
  const mayFail = names.length === 0 || mayBeRefused(text) || isPatternTooLong;
  return {
    problems: isRemoved || mayFail ? [] : [`unreached: ${quoted(text)}: ${answer.status}`],
    removed: isRemoved ? jsonOf(answer).removed : 0,
    mayGo: names,
    mustGo: isRemoved ? names : [],
  };
}

const removeByPrefix = (context, target) => {
  const prefix = prefixOf(context, target);
  return removeSelected(context, { prefix }, context.oracle.below(prefix), prefix);
};

const removeByPattern = (context, { text }) =>
  removeSelected(context, { pattern: literal(text) }, context.oracle.named(text), text);

const removeByPatternBelow = (context, target) => {
  const prefix = prefixOf(context, target);
  return removeSelected(
    context,
    { pattern: `${literal(prefix)}(?s:.*)` },
    context.oracle.below(prefix),
    prefix,
  );
};

/** A regular expression of RE2 that matches this text alone. */
function literal(text) {
  return [...text]
    .map((character) => (/\w/.test(character) ? character : `\\x{${character.codePointAt(0).toString(16)}}`))
    .join('');
}

/** The whole name, or the beginning of it, never within the spelling of a single byte. */
function prefixOf({ random }, { text }) {
  const characters = [...text];
  const isCut = random.chance(0.5) && !/[\ufdd0\ufffd]/.test(text);
  return isCut ? characters.slice(0, 1 + random.below(characters.length)).join('') : text;
}

async function removeBySql(context, target) {
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
}

/** Only such a location stands in SQL without quotes, whatever comes after it. */
function isPlain(text) {
  return /^[\w./%=+~:-]*$/.test(text) && !text.includes('--');
}

/** @param prefixes the second one holds where nothing is below the first. */
function judgeListing({ oracle }, prefix, shown, prefixes) {
  const [exact, other = exact] = prefixes.map((each) =>
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

async function listByPrefix(context, target) {
  const prefix = prefixOf(context, target);
  const answer = await ask(context, 'GET', filesUrl(context, { prefix }));
  const shown = jsonOf(answer)?.files?.map(({ name }) => name) ?? [];
  return { problems: judgeListing(context, prefix, shown, [prefix]) };
}

async function listBySql(context, target) {
  const prefix = prefixOf(context, target);
  const location = `@${context.stage}/${prefix}`;
  const statement = isPlain(prefix)
    ? `LIST ${location}`
    : `SELECT name FROM list_stage(location => ${sqlText(location)})`;
  const answer = await sql(context.client, statement);
  const shown = (answer?.data ?? []).map(([name]) => name);
  return { problems: judgeListing(context, prefix, shown, [prefix, collapsed(prefix)]) };
}

async function presignByRest(context, { text }) {
  const target = { text };
  const { client, stage, oracle } = context;
  const answer = await client.sendJson('POST', `/v1/stages/${stage}/presign`, { method: 'GET', path: text });
  const { url } = jsonOf(answer) ?? {};
  const read = url === undefined ? (answer ?? { status: 404 }) : await fetchPlainly(url);
  return { problems: judgeRead(context, target, [oracle.meaning(text)], read) };
}

async function presignBySql(context, { text }) {
  const target = { text };
  const { client, stage, oracle } = context;
  const answer = await sql(client, `PRESIGN DOWNLOAD ${sqlText(`@${stage}/${text}`)}`);
  const url = answer?.data?.[0]?.[2];
  const read = url === undefined ? { status: 400 } : await fetchPlainly(url);
  return {
    problems: judgeRead(context, target, [oracle.meaning(text), oracle.meaning(collapsed(text))], read),
  };
}

/** A GET of a URL as it is written: nothing of its path is cleaned, and no credentials go with it. */
async function fetchPlainly(url) {
  const [, host, port, path] = /^http:\/\/([^/:]+):(\d+)(\/.*)$/.exec(url);
  const outgoing = request({ host, port, path, agent: plainAgent }).end();
  const [incoming] = await once(outgoing, 'response');
  return { status: incoming.statusCode, headers: incoming.headers, bytes: await buffer(incoming) };
}

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
