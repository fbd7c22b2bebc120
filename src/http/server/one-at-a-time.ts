import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { RequestHandler } from 'express';

/** The answer to the latest request of each connection. */
const lastOf = new WeakMap<Socket, ServerResponse>();

/**
 * Runs the requests of a connection one after the other. A client may send them without waiting for answers (RFC 9112
 * 9.3.2). Node would run them concurrently, so that a removal could overtake the upload before it.
 */
export const oneAtATime: RequestHandler = ({ socket }, response, next) => {
  const previous = lastOf.get(socket);
  lastOf.set(socket, response);
  if (previous === undefined || previous.closed) next();
  else
    previous.once('close', () => {
      next();
    });
};
