import type { IncomingMessage } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import type { Express, RequestHandler } from 'express';
import { declaresBody } from '../request/declares-body.js';
import { RequestError } from '../request/request-error.js';
import { readUnlessFault, assertNoFault, reportFault } from '../request/request-fault.js';
import { allowedMethods } from './unknown-route.js';

/** Maximum wait for the end of an empty body. */
const END_MS = 10_000;

/**
 * Rejects a removal with a body, which has no meaning (RFC 9110 9.3.5): if the body is broken or undeclared, the
 * removal would run before anybody notices. Checks bytes that arrived with the headers first. Chunks without a byte are
 * no body: proxies create them for HTTP/2 requests. Where nothing can be removed, the answer is 405, whatever the body.
 */
export function rejectRemovalBody(app: Express): RequestHandler {
  const hasRemoval = ({ url = '' }: IncomingMessage): boolean =>
    allowedMethods(app, url.split('?', 1)[0] ?? '').includes('DELETE');
  return (request, _response, next) => {
    if (request.method !== 'DELETE' || (declaresBody(request) && !hasRemoval(request))) {
      next();
      return;
    }
    assertNoBody(request).then(() => {
      next();
    }, next);
  };
}

async function assertNoBody(request: IncomingMessage): Promise<void> {
  if (declaresBody(request) && (await hasBytes(request))) {
    throw new RequestError(
      'InvalidRequest',
      'A removal takes no body, and nothing was removed: leave it out.',
    );
  }
  // Node's parser reports bytes after a request one turn later than the request.
  await setImmediate();
  assertNoFault(request);
}

async function hasBytes(request: IncomingMessage): Promise<boolean> {
  if (request.headers['content-length'] !== undefined) return true;
  const timer = setTimeout(() => {
    reportFault(request, new RequestError('BrokenBody', 'The end of the body did not come: leave it out.'));
  }, END_MS);
  try {
    return await readUnlessFault(request, hasFirstByte(request));
  } finally {
    clearTimeout(timer);
  }
}

async function hasFirstByte(request: IncomingMessage): Promise<boolean> {
  // Destroying the request would also destroy the answer.
  const body = request.iterator({ destroyOnReturn: false });
  const { done } = await body.next();
  await body.return?.();
  return done !== true;
}
