import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { clientAddress } from '../../common/request/forwarding.js';
import { withoutToken } from './hidden-token.js';
import { isHealthCheck } from './health-checks.js';
import { traceOf } from './request-trace.js';

export const REQUEST_ID_HEADER = 'x-request-id';

/** One line a request, when it is over, with its id; the answer carries the id too. No header and no body is logged. */
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
        res: { status: response.headersSent ? response.statusCode : null },
        responseTime: Math.round(performance.now() - startedAt),
      };
      if (isHealthCheck(request)) logger.debug(line, 'request');
      else logger.info(line, 'request');
    });
    next();
  };
}
