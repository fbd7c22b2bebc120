import { randomUUID } from 'node:crypto';
import type { Request } from 'express';
import { TRACEPARENT } from '../../common/telemetry/traceparent.js';
import type { TracedWork } from '../../common/telemetry/traced-work.js';
import { isFromTrustedProxy } from '../request/forwarding.js';

/** Ids that link log lines of several programs to one request. */
export interface RequestTrace {
  readonly requestId: string;
  /** W3C Trace Context, as received. */
  readonly traceparent: string | undefined;
}

const REQUEST_ID = /^[\w.:+/=@-]{1,128}$/;

/** Returns the ids that a trusted proxy has set, or a new id. Other clients cannot choose ids of the log. */
export function traceOf(request: Request): RequestTrace {
  if (!isFromTrustedProxy(request)) return { requestId: randomUUID(), traceparent: undefined };
  const requestId = matching(request.headers['x-request-id'], REQUEST_ID) ?? randomUUID();
  return { requestId, traceparent: matching(request.headers['traceparent'], TRACEPARENT) };
}

/** The request as a trace shows it: without its query, and without what is in place of the parameters of its route. */
export function requestWork({ method }: Request, traceparent: string | undefined): TracedWork {
  return { name: method, kind: 'server', traceparent, attributes: { 'http.request.method': method } };
}

/** @param status null where the client has left before an answer. */
export function tellAnswer(work: TracedWork, { route }: Request, status: number | null): void {
  const { path } = (route ?? {}) as { readonly path?: unknown }; // Express declares a route as any
  if (typeof path === 'string') {
    work.name = `${work.name} ${path}`;
    work.attributes['http.route'] = path;
  }
  if (status !== null) work.attributes['http.response.status_code'] = status;
}

function matching(header: string | readonly string[] | undefined, form: RegExp): string | undefined {
  return typeof header === 'string' && form.test(header) ? header : undefined;
}
