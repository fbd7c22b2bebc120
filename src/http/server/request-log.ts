import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { clientAddress } from '../request/forwarding.js';
import { logFieldsOf } from '../request/request-facts.js';
import { REQUEST_ID_HEADER } from '../request/request-id-header.js';
import { withoutToken } from './hidden-token.js';
import { isHealthCheck } from './health-checks.js';
import { traceOf } from './request-trace.js';

/**
 * Logs one line per request when it ends, with its id, which the answer also carries. The line names the authenticated
 * user, but contains no header and no body.
 */
export function requestLog(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    const { requestId: reqId, traceparent } = traceOf(request);
    const { method, originalUrl } = request;
    const remoteAddress = clientAddress(request); // not available any more after the client has disconnected
    response.setHeader(REQUEST_ID_HEADER, reqId);
    response.once('close', () => {
      const line = {
        reqId,
        ...(traceparent === undefined ? {} : { traceparent }),
        req: { method, url: withoutToken(originalUrl), remoteAddress },
        ...userOf(request),
        ...logFieldsOf(response),
        res: { status: response.headersSent ? response.statusCode : null },
        responseTime: Math.round(performance.now() - startedAt),
      };
      if (isHealthCheck(request)) logger.debug(line, 'request');
      else logger.info(line, 'request');
    });
    next();
  };
}

/** Returns the user that the guard has authenticated. Never logs an unknown name: it may be a mistyped password. */
function userOf(request: object): { readonly user?: string } {
  if (!('principal' in request)) return {};
  const { principal } = request as { readonly principal: { readonly name: string } }; // set by the guard only
  return { user: principal.name };
}
