import { once } from 'node:events';
import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { isTracing, traced, type TracedWork } from '../../common/telemetry/traced-work.js';
import { clientAddress } from '../request/forwarding.js';
import { logFieldsOf } from '../request/request-facts.js';
import { REQUEST_ID_HEADER } from '../request/request-id-header.js';
import { withoutToken } from './hidden-token.js';
import { HealthCheckSample, isHealthCheck } from './health-checks.js';
import { requestWork, tellAnswer, traceOf } from './request-trace.js';

/** Limit of what waits for the end of an answer: half a dozen parts of the service, and the five listeners of `pipeline`, are no leak. */
const MAX_LISTENERS = 20;

/**
 * Logs one line per request when it ends, with its id, which the answer also carries. The line names the authenticated
 * user, but contains no header and no body. Of health checks, level info shows a sample. A trace shows the same time as a span.
 */
export function requestLog(logger: Logger): RequestHandler {
  const healthChecks = new HealthCheckSample();
  return (request, response, next) => {
    const startedAt = performance.now();
    const { requestId: reqId, traceparent } = traceOf(request);
    const { method, originalUrl } = request;
    const remoteAddress = clientAddress(request); // not available any more after the client has disconnected
    const work = requestWork(request, traceparent);
    response.setHeader(REQUEST_ID_HEADER, reqId);
    response.setMaxListeners(MAX_LISTENERS);
    response.once('close', () => {
      const line = {
        reqId,
        traceparent,
        traceId: work.traceId,
        req: { method, url: withoutToken(originalUrl), remoteAddress },
        user: userOf(request),
        ...logFieldsOf(response),
        res: { status: response.headersSent ? response.statusCode : null },
        responseTime: Math.round(performance.now() - startedAt),
      };
      tellAnswer(work, request, line.res.status);
      if (!isHealthCheck(request)) {
        logger.info(line, 'request');
        return;
      }
      const checks = healthChecks.take(originalUrl, line.res.status);
      if (checks === undefined) logger.debug(line, 'request');
      else logger.info({ ...line, checks }, 'request');
    });
    if (isTracing() && !isHealthCheck(request)) void untilClosed(work, response, next);
    else next();
  };
}

function untilClosed(work: TracedWork, response: Response, next: () => void): Promise<unknown> {
  return traced(work, () => {
    const closed = once(response, 'close').catch(() => undefined); // an error of the connection closes it too
    next();
    return closed;
  });
}

/** Returns the user that the guard has authenticated. Never logs an unknown name: it may be a mistyped password. */
function userOf(request: Request): string | undefined {
  const { principal } = request as { readonly principal?: { readonly name: string } }; // set by the guard only
  return principal?.name;
}
