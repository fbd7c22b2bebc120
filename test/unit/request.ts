import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';

/** A request of Node's own class, as its parser would have made it, from so many header lines. */
export function requestWith(
  headers: readonly (readonly [string, string])[],
  remoteAddress?: string,
): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress });
  const request = new IncomingMessage(socket);
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    request.headers[key] = value;
    (request.headersDistinct[key] ??= []).push(value);
  }
  return request;
}
