import type { IncomingMessage } from 'node:http';
import type { Request } from 'express';
import { isFromTrustedProxy } from '../http/request/forwarding.js';

type Protocol = 'http' | 'https';

const DEFAULT_PORTS: Readonly<Record<Protocol, string>> = { http: '80', https: '443' };
/** A name, an IPv4 address or an IPv6 one in brackets; then a port. */
const AUTHORITY = /^(?:\[[\da-f:.]+\]|[a-z\d_][a-z\d_.-]*)(?::\d{1,5})?$/i;
const PREFIX = /^(?:\/[\w.~!$&'()*+,;=:@%-]+)+\/?$/;
/** A parameter of the Forwarded header (RFC 7239). */
const FORWARDED_PAIR = /(?:^|[;,])\s*([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",;]+))/g;

/**
 * Where a client reaches this server, without a slash at the end: what the settings say, else what the request says. Of
 * what one of TRUSTED_PROXIES tells, the first word counts, which is that of the proxy next to the client; Forwarded goes
 * before X-Forwarded-*. A host that cannot be one is passed over.
 *
 * @param publicUrl the setting; null where it is not set.
 */
export function requestBaseUrl(request: Request, publicUrl: string | null): string {
  if (publicUrl !== null) return publicUrl;
  if (isFromTrustedProxy(request)) return forwardedBaseUrl(request);
  const protocol = ownProtocol(request);
  return `${protocol}://${firstAuthority(request, protocol, [request.headers.host])}`;
}

function forwardedBaseUrl(request: IncomingMessage): string {
  const protocol = protocolOf(request);
  const port = forwardedPort(request, protocol);
  const hosts = [
    forwarded(request, 'host'),
    withPort(firstOf(request, 'x-forwarded-host'), port),
    withPort(request.headers.host, port),
  ];
  return `${protocol}://${firstAuthority(request, protocol, hosts)}${prefixOf(request)}`;
}

function protocolOf(request: IncomingMessage): Protocol {
  const protocols = [forwarded(request, 'proto'), firstOf(request, 'x-forwarded-proto')];
  const protocol = protocols
    .map((each) => each?.toLowerCase())
    .find((each) => each === 'http' || each === 'https');
  return protocol ?? ownProtocol(request);
}

function ownProtocol({ socket }: IncomingMessage): Protocol {
  return 'encrypted' in socket ? 'https' : 'http';
}

/** The first that can be one, else the address at which this server was asked. */
function firstAuthority(
  request: IncomingMessage,
  protocol: Protocol,
  told: readonly (string | undefined)[],
): string {
  for (const authority of told) {
    const url = `${protocol}://${authority ?? ''}`;
    if (AUTHORITY.test(authority ?? '') && URL.canParse(url)) return new URL(url).host;
  }
  return new URL(`${protocol}://${localAuthority(request)}`).host;
}

/** The other scheme's port is that of a hop behind the one that speaks to the client. */
function forwardedPort(request: IncomingMessage, protocol: Protocol): string | undefined {
  const port = firstOf(request, 'x-forwarded-port');
  const foreign = DEFAULT_PORTS[protocol === 'http' ? 'https' : 'http'];
  return port !== undefined && /^\d{1,5}$/.test(port) && port !== foreign ? port : undefined;
}

function withPort(host: string | undefined, port: string | undefined): string | undefined {
  return host === undefined || port === undefined || /:\d+$/.test(host) ? host : `${host}:${port}`;
}

function prefixOf(request: IncomingMessage): string {
  const prefix = firstOf(request, 'x-forwarded-prefix') ?? '';
  return PREFIX.test(prefix) ? prefix.replace(/\/$/, '') : '';
}

/** Only where a request names no host at all, as HTTP/1.0 allows. */
function localAuthority({ socket }: IncomingMessage): string {
  const address = (socket.localAddress ?? 'localhost').replace(/^::ffff:/i, '').replace(/%.*$/, '');
  const host = address.includes(':') ? `[${address}]` : address;
  return socket.localPort === undefined ? host : `${host}:${String(socket.localPort)}`;
}

/** A parameter of the first element that has it. */
function forwarded(request: IncomingMessage, name: 'proto' | 'host'): string | undefined {
  for (const [, parameter, quoted, bare] of (request.headers.forwarded ?? '').matchAll(FORWARDED_PAIR)) {
    if (parameter?.toLowerCase() === name) return quoted?.replace(/\\(.)/g, '$1') ?? bare;
  }
  return undefined;
}

/** The first of a list: Node joins headers of one name with commas. */
function firstOf(request: IncomingMessage, name: string): string | undefined {
  const header = request.headers[name];
  const text = Array.isArray(header) ? header.join() : header;
  const first = text?.split(',', 1)[0]?.trim();
  return first === '' ? undefined : first;
}
