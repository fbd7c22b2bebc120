import { once } from 'node:events';
import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** Hands the whole request on, and the whole answer back. */
export async function passOn(exchange) {
  const answer = await forward(exchange, await buffer(exchange.incoming));
  exchange.outgoing.writeHead(answer.status, answer.headers).end(answer.body);
}

/** The store's answer to a request with this body, whole. */
export async function forward(exchange, body) {
  const outgoing = toStore(exchange).end(body);
  const [answer] = await once(outgoing, 'response');
  const bytes = await buffer(answer);
  const { 'transfer-encoding': chunked, ...headers } = answer.headers;
  if (chunked !== undefined) headers['content-length'] = String(bytes.length);
  return { status: answer.statusCode, headers, body: bytes };
}

/** A request to the store with all the headers that came, the Host too: it is signed. */
export function toStore({ incoming, store, agent }) {
  const { method, headers, url } = incoming;
  return request(new URL(url, store), { method, headers, agent });
}

/** An answer as bytes, after which the connection ends. */
export function asBytes({ incoming }, { status, headers, body }) {
  const lines = Object.entries({ ...headers, connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const head = Buffer.from(`HTTP/1.1 ${status} Whatever\r\n${lines.join('')}\r\n`);
  return incoming.method === 'HEAD' ? head : Buffer.concat([head, body]);
}

export async function writeRaw({ socket }, bytes) {
  if (!socket.write(bytes)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
}
