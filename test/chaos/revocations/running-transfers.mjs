import { once } from 'node:events';
import { request } from 'node:http';

import { ask, basic, run } from './person.mjs';

const USER = 'uploader';
const PASSWORD = 'of the uploader';
const NAME = 'half.bin';
/** Longer than what sockets hold, so that a reader who stops keeps the download running. */
const LONG_BYTES = 64 * 1024 * 1024;
const SOON_MS = 5000;

/**
 * Disables a user for whom an upload and a download run on each server.
 *
 * @param {readonly string[]} urls of the servers; the first one disables
 * @param {string} root
 * @returns what was not as it should be, and how long the slowest end has taken
 */
export async function endRunning(urls, root) {
  const [taker = ''] = urls;
  await run(taker, root, `CREATE OR REPLACE USER ${USER} IDENTIFIED BY '${PASSWORD}'`);
  const authorization = basic(USER, PASSWORD);
  await ask(taker, '/v1/stages/~/files/long.bin', {
    authorization,
    method: 'PUT',
    body: 'x'.repeat(LONG_BYTES),
  });
  const transfers = await Promise.all(
    urls.flatMap((url, index) => [
      startUpload(url, authorization, `${index}-${NAME}`),
      startDownload(url, authorization),
    ]),
  );
  const began = performance.now();
  await run(taker, root, `ALTER USER ${USER} WITH DISABLED = true`);
  const ends = await Promise.all(transfers.map(({ end }) => Promise.race([end, tooLate()])));
  const longestMs = performance.now() - began;
  await run(taker, root, `ALTER USER ${USER} WITH DISABLED = false`);
  const listed = await ask(taker, '/v1/stages/~/files', { authorization });
  const names = listed.body.files.map((/** @type {{ name: string }} */ { name }) => name);
  const violations = ends.flatMap((end) => (end === undefined ? [] : [end]));
  if (names.join() !== 'long.bin') violations.push(`the stage has ${names.join()}`);
  await run(taker, root, `DROP USER ${USER} REMOVE FILES`);
  return { violations, longestMs };
}

/**
 * Sends half of a file.
 *
 * @param {string} url
 * @param {string} authorization
 * @param {string} name
 */
async function startUpload(url, authorization, name) {
  const headers = { authorization, 'content-length': 2000, expect: '100-continue' };
  const sent = request(new URL(`/v1/stages/~/files/${name}`, url), { method: 'PUT', headers, agent: false });
  const answered = once(sent, 'response');
  sent.flushHeaders();
  await once(sent, 'continue');
  sent.write('x'.repeat(1000));
  const end = answered.then(
    ([response]) => {
      response.resume();
      return response.statusCode === 401 ? undefined : `the upload was answered ${response.statusCode}`;
    },
    (error) => `the upload ended without an answer: ${error.message}`,
  );
  return { end: end.finally(() => sent.destroy()) };
}

/**
 * Reads the beginning of a file, and no more.
 *
 * @param {string} url
 * @param {string} authorization
 */
async function startDownload(url, authorization) {
  const sent = request(new URL('/v1/stages/~/files/long.bin', url), {
    headers: { authorization },
    agent: false,
  });
  sent.end();
  const [response] = await once(sent, 'response');
  response.pause();
  const { socket } = response;
  // What the sockets hold is still read: the end is behind it.
  const end = new Promise((resolve) => {
    let bytes = 0;
    setTimeout(() => {
      response.on('data', (/** @type {Buffer} */ chunk) => (bytes += chunk.length));
      response.resume();
    }, 2500);
    response.once('error', () => resolve(undefined));
    response.once('close', () => resolve(bytes < LONG_BYTES ? undefined : 'the download was whole'));
    socket.once('error', () => undefined);
  });
  return { end };
}

async function tooLate() {
  await new Promise((resolve) => setTimeout(resolve, SOON_MS).unref());
  return `a transfer goes on after ${SOON_MS} ms`;
}
