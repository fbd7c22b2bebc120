import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { clientAddress } from '../request/forwarding.js';
import { toldOf } from '../request/request-facts.js';
import { REQUEST_ID_HEADER } from '../request/request-id-header.js';
import { withoutToken } from './hidden-token.js';
import { isHealthCheck } from './health-checks.js';
import { traceOf } from './request-trace.js';

/** One line a request, when it is over, with its id; the answer carries the id too. Who was let in is named, no header and no body is logged. */
export function requestLog(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    const { requestId: reqId, traceparent } = traceOf(request);
    const { method, originalUrl } = request;
    const remoteAddress = clientAddress(request); // it is not to be had any more when the client has left
    response.setHeader(REQUEST_ID_HEADER, reqId);
    response.once('close', () => {
      const line = {
        reqId,
        ...(traceparent === undefined ? {} : { traceparent }),
        req: { method, url: withoutToken(originalUrl), remoteAddress },
        ...userOf(request),
        ...toldOf(response),
        res: { status: response.headersSent ? response.statusCode : null },
        responseTime: Math.round(performance.now() - startedAt),
      };
      if (isHealthCheck(request)) logger.debug(line, 'request');
      else logger.info(line, 'request');
    });
    next();
  };
}

/** Where the guard keeps whom it has let in. A name that nobody has may be a password that was typed in its place. */
function userOf(request: object): { readonly user?: string } {
  if (!('principal' in request)) return {};
  const { principal } = request as { readonly principal: { readonly name: string } }; // nobody else sets it
  return { user: principal.name };
}
