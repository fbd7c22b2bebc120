import { once } from 'node:events';
import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** @import { Agent, IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http' */
/** @import { Socket } from 'node:net' */

/**
 * @typedef {object} ProxyExchange
 * @property {IncomingMessage} incoming
 * @property {ServerResponse} outgoing
 * @property {Socket} socket
 * @property {string} store its URL
 * @property {Agent} agent
 * @property {number} at how far along the bytes a fault strikes, from 0 to below 1
 */
/** @typedef {{ status: number, headers: IncomingHttpHeaders, body: Buffer }} StoreAnswer */

/**
 * Hands the whole request on, and the whole answer back.
 * @param {ProxyExchange} exchange
 */
export async function passOn(exchange) {
  const answer = await forward(exchange, await buffer(exchange.incoming));
  exchange.outgoing.writeHead(answer.status, answer.headers).end(answer.body);
}

/**
 * The store's answer to a request with this body, whole.
 * @param {ProxyExchange} exchange
 * @param {Buffer} body
 * @returns {Promise<StoreAnswer>}
 */
export async function forward(exchange, body) {
  const outgoing = toStore(exchange).end(body);
  // What `response` brings is Node's promise.
  const [answer] = /** @type {[IncomingMessage]} */ (await once(outgoing, 'response'));
  const bytes = await buffer(answer);
  const { 'transfer-encoding': chunked, ...headers } = answer.headers;
  if (chunked !== undefined) headers['content-length'] = String(bytes.length);
  return { status: answer.statusCode ?? 0, headers, body: bytes };
}

/**
 * A request to the store with all the headers that came, the Host too: it is signed.
 * @param {ProxyExchange} exchange
 */
export function toStore({ incoming, store, agent }) {
  const { method, headers, url } = incoming;
  return request(new URL(url ?? '', store), { method, headers, agent });
}

/**
 * An answer as bytes, after which the connection ends.
 * @param {ProxyExchange} exchange
 * @param {StoreAnswer} answer
 */
export function asBytes({ incoming }, { status, headers, body }) {
  const lines = Object.entries({ ...headers, connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const head = Buffer.from(`HTTP/1.1 ${status} Whatever\r\n${lines.join('')}\r\n`);
  return incoming.method === 'HEAD' ? head : Buffer.concat([head, body]);
}

/**
 * @param {ProxyExchange} exchange
 * @param {Buffer} bytes
 */
export async function writeRaw({ socket }, bytes) {
  if (!socket.write(bytes)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
}
