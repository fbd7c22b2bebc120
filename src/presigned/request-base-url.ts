import type { IncomingMessage } from 'node:http';
import type { Request } from 'express';
import { isFromTrustedProxy } from '../http/request/forwarding.js';

type Protocol = 'http' | 'https';

const DEFAULT_PORTS: Readonly<Record<Protocol, string>> = { http: '80', https: '443' };
/** A name, an IPv4 address, or an IPv6 address in brackets; an optional port. */
const AUTHORITY = /^(?:\[[\da-f:.]+\]|[a-z\d_][a-z\d_.-]*)(?::\d{1,5})?$/i;
const PREFIX = /^(?:\/[\w.~!$&'()*+,;=:@%-]+)+\/?$/;
/** A parameter of the Forwarded header (RFC 7239). */
const FORWARDED_PAIR = /(?:^|[;,])\s*([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",;]+))/g;

/**
 * Returns the URL at which the client reaches this server, without a slash at its end: the setting, or else derived from the
 * request. Reads forwarding headers of TRUSTED_PROXIES only. The first value of a list counts: the proxy next to the client
 * added it. Forwarded takes precedence over X-Forwarded-*. Skips invalid hosts.
 *
 * @param publicUrl the setting PUBLIC_URL; null if it is not set.
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

/** @returns the first valid authority, or the local address of the connection. */
function firstAuthority(
  request: IncomingMessage,
  protocol: Protocol,
  candidates: readonly (string | undefined)[],
): string {
  for (const authority of candidates) {
    const url = `${protocol}://${authority ?? ''}`;
    if (AUTHORITY.test(authority ?? '') && URL.canParse(url)) return new URL(url).host;
  }
  return new URL(`${protocol}://${localAuthority(request)}`).host;
}

/** Ignores the default port of the other scheme: it belongs to a hop behind the proxy next to the client. */
function forwardedPort(request: IncomingMessage, protocol: Protocol): string | undefined {
  const port = firstOf(request, 'x-forwarded-port');
  const otherPort = DEFAULT_PORTS[protocol === 'http' ? 'https' : 'http'];
  return port !== undefined && /^\d{1,5}$/.test(port) && port !== otherPort ? port : undefined;
}

function withPort(host: string | undefined, port: string | undefined): string | undefined {
  return host === undefined || port === undefined || /:\d+$/.test(host) ? host : `${host}:${port}`;
}

function prefixOf(request: IncomingMessage): string {
  const prefix = firstOf(request, 'x-forwarded-prefix') ?? '';
  return PREFIX.test(prefix) ? prefix.replace(/\/$/, '') : '';
}

/** For requests without a Host header, which HTTP/1.0 allows. */
function localAuthority({ socket }: IncomingMessage): string {
  const address = (socket.localAddress ?? 'localhost').replace(/^::ffff:/i, '').replace(/%.*$/, '');
  const host = address.includes(':') ? `[${address}]` : address;
  return socket.localPort === undefined ? host : `${host}:${String(socket.localPort)}`;
}

/** @returns a parameter of the Forwarded header, from the first element that has it. */
function forwarded(request: IncomingMessage, name: 'proto' | 'host'): string | undefined {
  for (const [, parameter, quoted, bare] of (request.headers.forwarded ?? '').matchAll(FORWARDED_PAIR)) {
    if (parameter?.toLowerCase() === name) return quoted?.replace(/\\(.)/g, '$1') ?? bare;
  }
  return undefined;
}

/** @returns the first value of a list. Node joins headers of the same name with commas. */
function firstOf(request: IncomingMessage, name: string): string | undefined {
  const header = request.headers[name];
  const text = Array.isArray(header) ? header.join() : header;
  const first = text?.split(',', 1)[0]?.trim();
  return first === '' ? undefined : first;
}
