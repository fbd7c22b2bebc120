import type { IncomingMessage } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import type { RequestHandler } from 'express';
import { declaresBody } from '../request/declares-body.js';
import { RequestError } from '../request/request-error.js';
import { orFault, refuseFaulty, reportFault } from '../request/request-fault.js';

/** So long the end of a body without bytes may be on its way. */
const END_MS = 10_000;

/**
 * A removal takes no body (RFC 9110 9.3.5 gives it no meaning): one whose body is broken, or that was never declared, would
 * be done before anybody has looked. What came with the headers is looked at first. Chunks without a byte are no body: proxies make them
 * of requests of HTTP/2.
 */
export const refuseBodyOfRemoval: RequestHandler = (request, _response, next) => {
  if (request.method !== 'DELETE') {
    next();
    return;
  }
  requireNoBody(request).then(() => {
    next();
  }, next);
};

async function requireNoBody(request: IncomingMessage): Promise<void> {
  if (declaresBody(request) && (await hasBytes(request))) {
    throw new RequestError(
      'InvalidRequest',
      'A removal takes no body, and nothing was removed: leave it out.',
    );
  }
  // Node's parser tells of bytes behind the request when it has told of the request.
  await setImmediate();
  refuseFaulty(request);
}

async function hasBytes(request: IncomingMessage): Promise<boolean> {
  if (request.headers['content-length'] !== undefined) return true;
  const late = setTimeout(() => {
    reportFault(request, new RequestError('BrokenBody', 'The end of the body did not come: leave it out.'));
  }, END_MS);
  try {
    return await orFault(request, hasFirstByte(request));
  } finally {
    clearTimeout(late);
  }
}

async function hasFirstByte(request: IncomingMessage): Promise<boolean> {
  // Destroying the request would take the answer with it.
  const body = request.iterator({ destroyOnReturn: false });
  const { done } = await body.next();
  await body.return?.();
  return done !== true;
}
