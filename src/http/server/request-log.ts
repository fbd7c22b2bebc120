import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { withoutToken } from './hidden-token.js';

export const REQUEST_ID_HEADER = 'x-request-id';

/** What a load balancer asks all day. */
const PROBES = new Set(['/health', '/ready']);

/** One line a request, when it is over, with its id; the answer carries the id too. No header and no body is logged. */
export function requestLog(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    const reqId = randomUUID();
    const { method, originalUrl } = request;
    const { remoteAddress } = request.socket; // it is not to be had any more when the client has left
    response.setHeader(REQUEST_ID_HEADER, reqId);
    response.once('close', () => {
      const line = {
        reqId,
        req: { method, url: withoutToken(originalUrl), remoteAddress },
        res: { status: response.headersSent ? response.statusCode : null },
        responseTime: Math.round(performance.now() - startedAt),
      };
      if (PROBES.has(originalUrl)) logger.debug(line, 'request');
      else logger.info(line, 'request');
    });
    next();
  };
}
