import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { tellFailure, type Failure } from '../request/request-facts.js';
import { faultOf } from '../request/request-fault.js';
import { REQUEST_ID_HEADER } from '../request/request-id-header.js';
import { AppError } from '../../common/app-error.js';
import { logAt } from '../../common/log-at.js';
import { Metrics } from '../../metrics/metrics.js';
import { errorAnswer } from './error-answer.js';
import { describeError } from './error-description.js';
import { sendAnswer } from '../server/early-answer.js';
import { withoutToken } from '../server/hidden-token.js';
import { PartialUploadError } from '../../upload/upload-error.js';

/** Converts every error to an answer and a log line. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  readonly #logger = new Logger('Http');

  constructor(private readonly metrics: Metrics) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const failure = failureOf(thrown, request);
    const answer = errorAnswer(failure);
    const { kind } = answer.body.error;
    tellFailure(response, { status: answer.status, kind, user: refusedUser(failure) });
    const hasLeft = response.destroyed || response.socket?.destroyed === true;
    const line = {
      msg: withoutToken(answer.body.error.message),
      reqId: response.getHeader(REQUEST_ID_HEADER),
      status: answer.status,
      error: describeError(failure, { hasStack: answer.status >= 500 }),
    };
    if (hasLeft) this.#logger.debug({ ...line, msg: `the client has left: ${line.msg}` });
    else logAt(this.#logger, answer.log, line);
    if (hasLeft) return;
    this.metrics.errors.child(kind).inc();
    if (response.headersSent) {
      response.destroy(); // a truncated answer must not look complete
      return;
    }
    response.status(answer.status).set(answer.headers);
    if (answer.status === 401) setChallenge(request, response);
    sendAnswer(request, response, JSON.stringify(answer.body));
  }
}

/** Finds the reason of a failure: whatever a request fails with after its user is out follows from that. */
function failureOf(thrown: unknown, request: Request): unknown {
  const fault = faultOf(request);
  return fault?.kind === 'OutMeanwhile' && !(thrown instanceof PartialUploadError) ? fault : thrown;
}

/** The user who was not let in, from the facts of the error. */
function refusedUser(thrown: unknown): Failure['user'] {
  if (!(thrown instanceof AppError)) return undefined;
  const { userId, user } = (thrown as AppError).context; // instanceof leaves its kind as any
  return typeof userId === 'string' && typeof user === 'string' ? { userId, name: user } : undefined;
}

/**
 * Says how to come in. A challenge of Basic makes a browser show its own password box: a script gets none, and neither does
 * who has sent a token, since over plain http a browser does not say that a script asks.
 */
function setChallenge(request: Request, response: Response): void {
  if (isSentByScript(request)) response.removeHeader('www-authenticate');
  else if (/^Bearer\b/i.test(request.headers.authorization ?? ''))
    response.set('www-authenticate', 'Bearer realm="Stagedoor"');
}

/**
 * Detects requests of scripts in a browser. Other clients that send Sec-Fetch-Mode, such as Node's fetch, omit Sec-Fetch-Site.
 */
function isSentByScript({ headers }: Request): boolean {
  return headers['sec-fetch-site'] !== undefined && headers['sec-fetch-mode'] !== 'navigate';
}
