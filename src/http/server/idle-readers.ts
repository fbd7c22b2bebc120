import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Closes connections whose client has read nothing of a waiting answer for this long: the file or listing behind it
 * stays open until then. Answers that wait for a store or for the request's body have their own timeouts, and Node has
 * one for the headers of a first request.
 */
export function closeIdleReaders(server: Server, idleMs: number): void {
  const responses = new WeakMap<Socket, ServerResponse>();
  server.on('request', (request, response) => {
    responses.set(request.socket, response);
  });
  // A socket is idle if no byte has moved in either direction. Node does not count a long write that makes progress as
  // idle.
  server.setTimeout(idleMs, (socket) => {
    const hasRequest = responses.get(socket)?.closed === false;
    const hadRequest = responses.has(socket) && !hasRequest;
    if (hadRequest || (hasRequest && socket.writableLength > 0)) socket.destroy();
    else socket.setTimeout(idleMs); // fires once
  });
}
