import { randomUUID } from 'node:crypto';
import type { Request } from 'express';
import { comesByTrustedProxy } from '../request/forwarding.js';

/** What joins the lines of logs of several programs to one request. */
export interface RequestTrace {
  readonly requestId: string;
  /** W3C Trace Context, as it came. */
  readonly traceparent: string | undefined;
}

const REQUEST_ID = /^[\w.:+/=@-]{1,128}$/;
/** https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/;

/** The ids that a trusted proxy has given the request; a new id where there is none. Nobody else chooses what the log says. */
export function traceOf(request: Request): RequestTrace {
  if (!comesByTrustedProxy(request)) return { requestId: randomUUID(), traceparent: undefined };
  const requestId = matching(request.headers['x-request-id'], REQUEST_ID) ?? randomUUID();
  return { requestId, traceparent: matching(request.headers['traceparent'], TRACEPARENT) };
}

function matching(header: string | readonly string[] | undefined, form: RegExp): string | undefined {
  return typeof header === 'string' && form.test(header) ? header : undefined;
}
