import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { RequestError } from '../request/request-error.js';

/** Headers that a request may have once. Node keeps the first of some and joins others; a proxy in front may read another one. */
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

/** What may stand in Host (RFC 9112 3.2): a name or an address, and a port; nothing that would make another URL of it. */
const HOST = /^(?:\[[^\s[\]@/\\?#]+\]|[^\s[\]@/\\?#:]*)(?::\d*)?$/;
/** A target with its scheme and host, as clients send it to proxies. */
const ABSOLUTE = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i;

/**
 * Refuses what two readers could understand as different requests: it is not said, or said twice, for which host and resource
 * it is, of which type its body is, or on which condition (RFC 9112 3.2 and 6.1, RFC 9110 5.3).
 */
export const requireClearRequest: RequestHandler = (request, response, next) => {
  const fault = faultOf(request);
  if (fault?.kind === 'MalformedHttp') response.setHeader('connection', 'close');
  else request.url = originForm(request.url);
  next(fault);
};

/** Servers take a target in either form (RFC 9112 3.2.2). */
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

/** As it was written. Any second Host is one too many; elsewhere the same value again says nothing else. */
function repeatedHeader({ rawHeaders }: IncomingMessage): string | undefined {
  const values = new Map<string, string>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const written = rawHeaders[at] ?? '';
    const value = rawHeaders[at + 1] ?? '';
    const name = written.toLowerCase();
    if (!ONCE.has(name)) continue;
    const first = values.get(name);
    if (first !== undefined && (name === 'host' || first !== value)) return written;
    values.set(name, value);
  }
  return undefined;
}

function malformed(reason: string): RequestError {
  return new RequestError('MalformedHttp', `The request is not valid HTTP: ${reason}.`);
}
