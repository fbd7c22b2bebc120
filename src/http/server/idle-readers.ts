import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Closes connections whose client has taken nothing of a waiting answer for so long: what it is made of, a file or a listing, is
 * held open until then. Where the answer waits for a store or for the request's body, others judge how long that may take; so does
 * Node of the headers of a first request, which it answers.
 */
export function closeIdleReaders(server: Server, idleMs: number): void {
  const responses = new WeakMap<Socket, ServerResponse>();
  server.on('request', (request, response) => {
    responses.set(request.socket, response);
  });
  // A socket is idle when nothing has moved on it, in either direction; Node's own check knows a long write that moves.
  server.setTimeout(idleMs, (socket) => {
    const hasRequest = responses.get(socket)?.closed === false;
    const hadRequest = responses.has(socket) && !hasRequest;
    if (hadRequest || (hasRequest && socket.writableLength > 0)) socket.destroy();
    else socket.setTimeout(idleMs); // it rings once
  });
}
