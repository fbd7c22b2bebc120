import { randomUUID } from 'node:crypto';
import type { Request } from 'express';
import { isFromTrustedProxy } from '../request/forwarding.js';

/** Ids that link log lines of several programs to one request. */
export interface RequestTrace {
  readonly requestId: string;
  /** W3C Trace Context, as received. */
  readonly traceparent: string | undefined;
}

const REQUEST_ID = /^[\w.:+/=@-]{1,128}$/;
/** https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/;

/** Returns the ids that a trusted proxy has set, or a new id. Other clients cannot choose ids of the log. */
export function traceOf(request: Request): RequestTrace {
  if (!isFromTrustedProxy(request)) return { requestId: randomUUID(), traceparent: undefined };
  const requestId = matching(request.headers['x-request-id'], REQUEST_ID) ?? randomUUID();
  return { requestId, traceparent: matching(request.headers['traceparent'], TRACEPARENT) };
}

function matching(header: string | readonly string[] | undefined, form: RegExp): string | undefined {
  return typeof header === 'string' && form.test(header) ? header : undefined;
}
