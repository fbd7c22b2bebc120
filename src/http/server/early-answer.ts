import type { IncomingMessage, ServerResponse } from 'node:http';
import { declaresBody } from '../request/declares-body.js';
import { faultOf } from '../request/request-fault.js';
import { LINGER_MS } from './gentle-close.js';

/**
 * Sends an answer. Where the request's body is still on its way, the answer is complete for the client at once, and what
 * it still sends is thrown away for a while before the connection is closed: closing it under data that nobody has read
 * would reset it, and take the answer away with it.
 */
export function sendAnswer(request: IncomingMessage, response: ServerResponse, body: string): void {
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.setHeader('content-length', Buffer.byteLength(body));
  const isRead = request.complete || request.destroyed || faultOf(request) !== undefined;
  if (isRead || !declaresBody(request)) {
    response.end(request.method === 'HEAD' ? undefined : body);
    return;
  }
  response.setHeader('connection', 'close');
  response.write(body);
  const close = (): void => {
    clearTimeout(deadline);
    response.end();
  };
  const deadline = setTimeout(close, LINGER_MS);
  request.once('end', close);
  request.once('close', close);
  request.resume();
}
