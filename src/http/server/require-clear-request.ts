import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { RequestError } from '../request/request-error.js';

/**
 * Headers that may occur once only. Node keeps the first of some and joins others; a proxy in front may read another
 * one.
 */
const ONCE: ReadonlySet<string> = new Set([
  'host',
  'content-type',
  'content-range',
  'content-md5',
  'range',
  'if-range',
  'if-modified-since',
  'if-unmodified-since',
]);

/** Valid Host header (RFC 9112 3.2): a name or an address, and a port; no character that would change the URL. */
const HOST = /^(?:\[[^\s[\]@/\\?#]+\]|[^\s[\]@/\\?#:]*)(?::\d*)?$/;
/** Absolute-form target with scheme and host, as sent to proxies. */
const ABSOLUTE = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i;

/**
 * Rejects ambiguous requests: the host, resource, body type or condition is missing or contradictory, so that two
 * servers could understand different requests (RFC 9112 3.2 and 6.1, RFC 9110 5.3).
 */
export const requireClearRequest: RequestHandler = (request, response, next) => {
  const fault = faultOf(request);
  if (fault?.kind === 'MalformedHttp') response.setHeader('connection', 'close');
  else request.url = originForm(request.url);
  next(fault);
};

/** Converts an absolute-form target to origin-form: servers must accept both (RFC 9112 3.2.2). */
function originForm(url: string): string {
  return url.replace(ABSOLUTE, '').replace(/^(?=\?|$)/, '/');
}

function faultOf(request: IncomingMessage): RequestError | undefined {
  const { headers, httpVersion, url = '' } = request;
  if (headers.host === undefined && httpVersion === '1.1') return malformed('it has no Host header');
  if (!HOST.test(headers.host ?? '')) return malformed('its Host is neither a name nor an address');
  const [, authority = headers.host] = ABSOLUTE.exec(url) ?? [];
  if (authority?.toLowerCase() !== headers.host?.toLowerCase()) {
    return malformed('its target names another host than its header Host');
  }
  if (headers['transfer-encoding'] !== undefined && httpVersion === '1.0') {
    return malformed('HTTP/1.0 has no Transfer-Encoding. Send Content-Length, or write HTTP/1.1');
  }
  const repeated = repeatedHeader(request);
  if (repeated !== undefined) return malformed(`it has the header ${repeated} twice. Send it once`);
  if (url.includes('#')) {
    const message =
      'The URL holds a #, which no request may send. Where it is a part of a name, write it as %23.';
    return new RequestError('InvalidRequest', message);
  }
  return undefined;
}

/** Returns the first repeated header as written. Any second Host counts; other headers may repeat the same value. */
function repeatedHeader({ rawHeaders }: IncomingMessage): string | undefined {
  const values = new Map<string, string>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const original = rawHeaders[at] ?? '';
    const value = rawHeaders[at + 1] ?? '';
    const name = original.toLowerCase();
    if (!ONCE.has(name)) continue;
    const first = values.get(name);
    if (first !== undefined && (name === 'host' || first !== value)) return original;
    values.set(name, value);
  }
  return undefined;
}

function malformed(reason: string): RequestError {
  return new RequestError('MalformedHttp', `The request is not valid HTTP: ${reason}.`);
}
