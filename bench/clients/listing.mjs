/* Reads a whole listing, as fast as it comes. */
import { once } from 'node:events';
import { Agent, request } from 'node:http';

import { serveJob } from '../load/worker-client.mjs';

const AUTHORIZATION = `Basic ${Buffer.from('root:bench').toString('base64')}`;
const ROW = Buffer.from('"name":');
const NEXT = Buffer.from('"next_uri":"');
const NEXT_CURSOR = Buffer.from('"next_cursor":');
const CURSOR = /^"next_cursor":"([^"]+)"/;
const WARM_UP_READS = 3;
const WARM_UP_ROWS = 10_000;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

const READS = { rest: readRest, pages: readPages, folder: readFolder, sql: readSql };

await serveJob(async (job) => {
  // A client that has just been started would be slower than the server: not within the time.
  for (let i = 0; i < WARM_UP_READS && job.by !== 'folder'; i += 1)
    await readRest({ ...job, count: WARM_UP_ROWS });
  return () => READS[job.by](job);
});

async function send({ host, method = 'GET', path, body }) {
  const headers = { authorization: AUTHORIZATION, 'content-type': 'application/json' };
  const outgoing = request(`http://${host}${path}`, { method, agent, headers });
  outgoing.end(body);
  const [answer] = await once(outgoing, 'response');
  if (answer.statusCode !== 200) throw new Error(`${path} was answered with ${answer.statusCode}`);
  return answer;
}

/** One streamed answer; its rows are counted by their first field. */
async function readRest({ host, stage, count }) {
  const start = performance.now();
  const answer = await send({ host, path: `/v1/stages/${stage}/files?limit=${count}` });
  let rows = 0;
  let firstRow = 0;
  let rest = Buffer.alloc(0);
  for await (const chunk of answer) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    rows += occurrences(bytes, ROW);
    if (firstRow === 0 && rows > 0) firstRow = performance.now() - start;
    // Too short to hold a whole one, long enough to hold one that was cut.
    rest = bytes.subarray(Math.max(0, bytes.length - ROW.length + 1));
  }
  return resultOf({ start, firstRow, rows, count });
}

/** Pages of the default size, each by the cursor of the one before; their rows are counted when the clock has stopped. */
async function readPages({ host, stage, count }) {
  const start = performance.now();
  const path = `/v1/stages/${stage}/files`;
  const pages = [];
  let firstRow = 0;
  for (let query = ''; query !== undefined;) {
    const page = await wholeBody(await send({ host, path: path + query }));
    pages.push(page);
    if (firstRow === 0) firstRow = performance.now() - start;
    const cursor = CURSOR.exec(page.toString('utf8', page.lastIndexOf(NEXT_CURSOR)))?.[1];
    query = cursor === undefined ? undefined : `?cursor=${cursor}`;
  }
  const seconds = (performance.now() - start) / 1000;
  const rows = pages.reduce((sum, page) => sum + occurrences(page, ROW), 0);
  return resultOf({ seconds, firstRow, rows, count });
}

/** The first page of one folder: its files and the folders in it. */
async function readFolder({ host, stage, prefix, count }) {
  const start = performance.now();
  const path = `/v1/stages/${stage}/files?delimiter=/&prefix=${prefix}`;
  const page = await wholeBody(await send({ host, path }));
  const seconds = (performance.now() - start) / 1000;
  const { files, prefixes } = JSON.parse(page);
  return resultOf({ seconds, firstRow: seconds * 1000, rows: files.length + prefixes.length, count });
}

/** Page after page; their rows are counted when the clock has stopped. */
async function readSql({ host, stage, count }) {
  const start = performance.now();
  const pages = [];
  let firstRow = 0;
  let answer = await send({
    host,
    method: 'POST',
    path: '/v1/query',
    body: JSON.stringify({ sql: `LIST @${stage}` }),
  });
  while (answer !== null) {
    const page = await wholeBody(answer);
    pages.push(page);
    if (firstRow === 0 && page.includes('"data":[[')) firstRow = performance.now() - start;
    const next = nextUri(page);
    answer = next === null ? null : await send({ host, path: next });
  }
  const seconds = (performance.now() - start) / 1000;
  const rows = pages.reduce((sum, page) => sum + JSON.parse(page).data.length, 0);
  return resultOf({ seconds, firstRow, rows, count });
}

async function wholeBody(answer) {
  const chunks = [];
  for await (const chunk of answer) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function nextUri(page) {
  const start = page.lastIndexOf(NEXT);
  if (start < 0) return null;
  return page.toString('utf8', start + NEXT.length, page.indexOf('"', start + NEXT.length));
}

function resultOf({ start, seconds = (performance.now() - start) / 1000, firstRow, rows, count }) {
  if (rows !== count) throw new Error(`${rows} rows instead of ${count}`);
  return { seconds, firstRow, perSecond: rows / seconds };
}

function occurrences(bytes, needle) {
  let found = 0;
  for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + needle.length)) found += 1;
  return found;
}
