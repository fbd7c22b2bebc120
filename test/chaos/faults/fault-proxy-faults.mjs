import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

import { asBytes, forward, toStore, writeRaw } from './fault-proxy-exchange.mjs';

/** @import { ProxyExchange } from './fault-proxy-exchange.mjs' */

const CHUNK_PAUSE_MS = 4;
const TRICKLE_MS = 1500;
const PAGE = '<html><body><h1>Please sign in to this network</h1></body></html>';

/**
 * @typedef {'cut before' | 'cut amid body' | 'cut after' | 'reset amid answer' | 'stall' | 'slow' | '500' | '500 after'
 *   | '503 SlowDown' | '503 early' | '200 with Error' | 'wrong region' | 'wrong key' | 'empty 200' | 'web page'
 *   | 'garbage'} FaultName
 */
/**
 * @typedef {object} Fault
 * @property {(exchange: ProxyExchange) => Promise<void>} run
 * @property {boolean} [reaches] The store gets the whole request, so that it may have done what was asked although the caller
 *   cannot know.
 * @property {boolean} [midBody] It needs a body to strike in.
 * @property {boolean} [mild] The caller gets its answer all the same.
 * @property {boolean} [long] The caller waits until its time is up.
 */

/**
 * What the proxy can do to a call.
 *
 * @type {Readonly<Record<FaultName, Fault>>}
 */
export const FAULTS = {
  'cut before': { run: cutBefore },
  'cut amid body': { run: cutAmidBody, midBody: true },
  'cut after': { run: cutAfter, reaches: true },
  'reset amid answer': { run: resetAmidAnswer, reaches: true },
  stall: { run: stall, reaches: true, long: true },
  slow: { run: slow, reaches: true, mild: true },
  500: { run: answering(500, 'InternalError') },
  '500 after': { run: answering(500, 'InternalError', { reaches: true }), reaches: true },
  '503 SlowDown': { run: answering(503, 'SlowDown') },
  '503 early': { run: refuseEarly },
  '200 with Error': { run: answering(200, 'InternalError') },
  'wrong region': { run: answering(400, 'AuthorizationHeaderMalformed') },
  'wrong key': { run: answering(403, 'InvalidAccessKeyId') },
  'empty 200': { run: emptyAnswer },
  'web page': { run: webPage },
  garbage: { run: garbage, reaches: true },
};

export const FAULT_NAMES = /** @type {FaultName[]} */ (Object.keys(FAULTS)); // it has no other keys

/** @param {ProxyExchange} exchange */
async function cutBefore({ socket }) {
  socket.destroy();
}

/**
 * The store gets the head of the request and the first bytes of its body.
 * @param {ProxyExchange} exchange
 */
async function cutAmidBody(exchange) {
  const { incoming, at } = exchange;
  const outgoing = toStore(exchange);
  const gone = once(outgoing, 'close').catch(() => undefined);
  outgoing.on('error', () => undefined);
  let left = Math.floor(at * Number(incoming.headers['content-length']));
  for await (const chunk of /** @type {AsyncIterable<Buffer>} */ (incoming)) {
    outgoing.write(chunk.subarray(0, left));
    left -= chunk.length;
    if (left <= 0) break;
  }
  exchange.socket.destroy();
  outgoing.destroy();
  await gone;
}

/** @param {ProxyExchange} exchange */
async function cutAfter(exchange) {
  await forward(exchange, await buffer(exchange.incoming));
  exchange.socket.destroy();
}

/** @param {ProxyExchange} exchange */
async function resetAmidAnswer(exchange) {
  const bytes = asBytes(exchange, await forward(exchange, await buffer(exchange.incoming)));
  await writeRaw(exchange, bytes.subarray(0, Math.floor(exchange.at * bytes.length)));
  exchange.socket.resetAndDestroy();
}

/**
 * Without an end of its own: whoever waits must give up.
 * @param {ProxyExchange} exchange
 */
async function stall(exchange) {
  const { socket } = exchange;
  const closed = once(socket, 'close');
  await forward(exchange, await buffer(exchange.incoming));
  await closed;
}

/** @param {ProxyExchange} exchange */
async function slow(exchange) {
  const chunks = [];
  for await (const chunk of /** @type {AsyncIterable<Buffer>} */ (exchange.incoming)) {
    chunks.push(chunk);
    await delay(CHUNK_PAUSE_MS);
  }
  const bytes = asBytes(exchange, await forward(exchange, Buffer.concat(chunks)));
  for (const byte of bytes) {
    await writeRaw(exchange, Buffer.of(byte));
    await delay(TRICKLE_MS / bytes.length);
  }
  exchange.socket.end();
}

/**
 * @param {number} status
 * @param {string} code
 * @param {{ reaches?: boolean }} [options]
 * @returns {Fault['run']}
 */
function answering(status, code, { reaches = false } = {}) {
  return async (exchange) => {
    const body = await buffer(exchange.incoming);
    if (reaches) await forward(exchange, body);
    const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>As ordered.</Message></Error>`;
    exchange.outgoing
      .writeHead(status, { 'content-type': 'application/xml', 'x-amz-request-id': '1' })
      .end(xml);
  };
}

/**
 * An answer while the body is still on its way, and none of it is read.
 * @param {ProxyExchange} exchange
 */
async function refuseEarly(exchange) {
  const headers = { 'content-type': 'application/xml', 'content-length': '0' };
  await writeRaw(exchange, asBytes(exchange, { status: 503, headers, body: Buffer.alloc(0) }));
  exchange.socket.end();
}

/** @param {ProxyExchange} exchange */
async function emptyAnswer({ incoming, outgoing }) {
  await buffer(incoming);
  outgoing.writeHead(200, { 'content-length': '0' }).end();
}

/** @param {ProxyExchange} exchange */
async function webPage({ incoming, outgoing }) {
  await buffer(incoming);
  outgoing.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
}

/** @param {ProxyExchange} exchange */
async function garbage(exchange) {
  await forward(exchange, await buffer(exchange.incoming));
  await writeRaw(exchange, Buffer.from('\u0000\u0001 220 not.http ESMTP\r\n\r\n'));
  exchange.socket.end();
}
