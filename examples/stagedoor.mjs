/*
 * Upload to a stage, list its files and download one, with what Node has (20 or later).
 *
 *     node stagedoor.mjs upload STAGE FILE...
 *     node stagedoor.mjs list STAGE [PREFIX]
 *     node stagedoor.mjs download STAGE NAME FILE
 *
 * STAGEDOOR_URL, STAGEDOOR_USER and STAGEDOOR_PASSWORD say where the server is, and who asks.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import process from 'node:process';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';

const { STAGEDOOR_URL, STAGEDOOR_USER, STAGEDOOR_PASSWORD } = process.env;
const SERVER = (STAGEDOOR_URL ?? 'http://localhost:8000').replace(/\/$/, '');
const CREDENTIALS = `${STAGEDOOR_USER ?? 'root'}:${STAGEDOOR_PASSWORD ?? ''}`;

const ATTEMPTS = 5;
const LONGEST_WAIT_SECONDS = 60;
const PAGE_SIZE = 1000;

/** The server has refused a request, or cannot be reached. */
class Failure extends Error {}

async function upload(stage, file) {
  const headers = {
    'content-length': String((await stat(file)).size),
    // The server compares it before the file is visible.
    'content-md5': await md5Of(file),
    // One for all attempts: the server stores the file once, also where its answer was lost.
    'idempotency-key': randomUUID(),
  };
  const body = () => createReadStream(file);
  printRow(await ask('PUT', `${stageUrl(stage)}/files/${encodeURIComponent(basename(file))}`, headers, body));
}

async function list(stage, prefix = '') {
  const query = new URLSearchParams({ prefix, limit: String(PAGE_SIZE) });
  for (;;) {
    const { files, next_cursor: cursor } = await ask('GET', `${stageUrl(stage)}/files?${query}`);
    files.forEach(printRow);
    if (cursor === null) return;
    query.set('cursor', cursor);
  }
}

async function download(stage, name, file) {
  const request = JSON.stringify({ method: 'GET', path: name, expires_in_seconds: 600 });
  const headers = { 'content-type': 'application/json' };
  const { url } = await ask('POST', `${stageUrl(stage)}/presign`, headers, () => request);
  // The URL needs no password: anybody could fetch it.
  const answer = await fetch(url);
  if (!answer.ok) throw new Failure(await messageOf(answer));
  await pipeline(answer.body, createWriteStream(`${file}.part`));
  await rename(`${file}.part`, file);
}

/** Sends a request until it is answered for good, and returns the JSON of the answer. */
async function ask(method, url, headers = {}, body = () => undefined) {
  const authorization = `Basic ${Buffer.from(CREDENTIALS).toString('base64')}`;
  for (let attempt = 1; ; attempt += 1) {
    let wait = 2 ** (attempt - 1);
    let again = true;
    let failure;
    try {
      // Where it may follow redirects, fetch keeps all it has sent in memory.
      const options = { redirect: 'error', duplex: 'half' };
      const answer = await fetch(url, {
        method,
        headers: { authorization, ...headers },
        body: body(),
        ...options,
      });
      if (answer.ok) return await answer.json();
      failure = await messageOf(answer);
      const retryAfter = answer.headers.get('retry-after');
      again = retryAfter !== null || [408, 429].includes(answer.status) || answer.status >= 500;
      if (/^\d+$/.test(retryAfter ?? '')) wait = Math.min(Number(retryAfter), LONGEST_WAIT_SECONDS);
    } catch (error) {
      failure = `${SERVER}: ${error.cause?.message ?? error.message}`;
    }
    if (!again || attempt === ATTEMPTS) throw new Failure(failure);
    console.error(`${failure}\nTrying again in ${wait} s`);
    await delay(wait * 1000);
  }
}

async function messageOf(answer) {
  const text = await answer.text();
  try {
    return `${answer.status}: ${JSON.parse(text).error.message}`;
  } catch {
    return `${answer.status}: ${text.slice(0, 200)}`;
  }
}

async function md5Of(file) {
  const hash = createHash('md5');
  await pipeline(createReadStream(file), hash);
  return hash.digest('base64');
}

function stageUrl(stage) {
  return `${SERVER}/v1/stages/${encodeURIComponent(stage)}`;
}

function printRow({ name, size, md5 }) {
  console.log([name, size, md5].join('\t'));
}

async function main([command, stage, ...rest]) {
  if (command === 'upload' && rest.length > 0) {
    for (const file of rest) await upload(stage, file);
  } else if (command === 'list' && stage !== undefined && rest.length <= 1) {
    await list(stage, ...rest);
  } else if (command === 'download' && rest.length === 2) {
    await download(stage, ...rest);
  } else {
    throw new Failure('upload STAGE FILE... | list STAGE [PREFIX] | download STAGE NAME FILE');
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
