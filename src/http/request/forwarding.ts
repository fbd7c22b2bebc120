import { isIPv4, isIPv6, SocketAddress } from 'node:net';
import type { Request } from 'express';

/** Reports whether the remote end of a connection, `hop` steps away, is one of TRUSTED_PROXIES. */
type TrustsAddress = (address: string, hop: number) => boolean;

/** Headers in which proxies name the client, or which they add to each request, in the spellings of common proxies and networks. */
const FORWARDING_HEADERS = [
  /^via$|forwarded|(real|client|connecting|originating|remote|user|cluster|sourced?)-?ip$|-remote-addr$|-external-address$/,
  /^(cdn-loop|front-end-https|x-(url-)?scheme|x-(original|rewrite)-url|x-nginx-proxy)$/,
  /^(cf|tailscale|x-(arr|auth-request|envoy))-/,
];
const FORWARDING_HEADER = new RegExp(FORWARDING_HEADERS.map(({ source }) => source).join('|'));

/** Reports whether any header says that the remote end is a proxy. */
export function isForwarded({ headers }: Pick<Request, 'headers'>): boolean {
  for (const name in headers) if (FORWARDING_HEADER.test(name)) return true;
  return false;
}

/** Reports whether the request comes from one of TRUSTED_PROXIES, so that its forwarding headers are reliable. */
export function isFromTrustedProxy(request: Request): boolean {
  const trusts = request.app.get('trust proxy fn') as TrustsAddress; // compiled by Express from `trust proxy`
  return trusts(request.socket.remoteAddress ?? '', 0);
}

/** An address with a port: some proxies append the client's. */
const WITH_PORT = /^(?:\[([^\]]*)\]|([\d.]+))(?::\d{1,5})?$/;

/**
 * Returns the client's address, normalised and without a port: from trusted proxies if valid, otherwise from the
 * connection. Empty if the client has disconnected.
 */
export function clientAddress(request: Request): string {
  const known = addresses.get(request);
  if (known !== undefined) return known;
  const address = addressIn(request.ip) ?? addressIn(request.socket.remoteAddress) ?? '';
  addresses.set(request, address);
  return address;
}

/** Several readers ask: log, audit, authentication. */
const addresses = new WeakMap<Request, string>();

function addressIn(text = ''): string | undefined {
  const [, inBrackets, withPort] = WITH_PORT.exec(text) ?? [];
  const address = inBrackets ?? withPort ?? text;
  if (isIPv4(address)) return address;
  return isIPv6(address) ? plainAddress(address) : undefined;
}

/** Formats IPv6 in its shortest form (RFC 5952), or as the IPv4 address that is mapped into it. */
function plainAddress(address: string): string {
  const [groups = '', zone] = address.split('%');
  const plain = new SocketAddress({ address: groups, family: 'ipv6' }).address.replace(
    /^::ffff:(?=\d+\.)/,
    '',
  );
  return zone === undefined ? plain : `${plain}%${zone}`;
}
