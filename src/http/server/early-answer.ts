import type { IncomingMessage, ServerResponse } from 'node:http';
import { declaresBody } from '../request/declares-body.js';
import { faultOf } from '../request/request-fault.js';
import { LINGER_MS } from './gentle-close.js';

/**
 * Sends an answer. If the request's body is still arriving, completes the answer for the client at once, and discards
 * further bytes for a while before the connection is closed: closing it with unread data would reset it, and the client
 * would lose the answer.
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
