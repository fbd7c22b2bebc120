import { isIPv4, isIPv6, SocketAddress } from 'node:net';
import type { Request } from 'express';

/** Says whether the other end of a connection, `hop` steps away, is one of TRUSTED_PROXIES. */
type TrustsAddress = (address: string, hop: number) => boolean;

/** Headers in which a proxy says for whom it asks, in the spellings of known proxies and networks. */
const FORWARDING_HEADER =
  /^via$|forwarded|(real|client|connecting|originating|remote|user|cluster)-?ip$|-remote-addr$|-external-address$/;

/** Does any header say that somebody else is behind the other end of the connection? */
export function isForwarded({ headers }: Pick<Request, 'headers'>): boolean {
  for (const name in headers) if (FORWARDING_HEADER.test(name)) return true;
  return false;
}

/** May the forwarding headers of the request be believed: does it come from one of TRUSTED_PROXIES? */
export function comesByTrustedProxy(request: Request): boolean {
  const trusts = request.app.get('trust proxy fn') as TrustsAddress; // Express compiles it of `trust proxy`
  return trusts(request.socket.remoteAddress ?? '', 0);
}

/** Some proxies write the port of the client behind its address. */
const WITH_PORT = /^(?:\[([^\]]*)\]|([\d.]+))(?::\d{1,5})?$/;

/**
 * The address of the client, in its usual spelling and without a port: what trusted proxies say of it, or that of the connection
 * where that is no address. Empty where the client has left.
 */
export function clientAddress(request: Request): string {
  return addressIn(request.ip) ?? addressIn(request.socket.remoteAddress) ?? '';
}

function addressIn(text = ''): string | undefined {
  const [, inBrackets, withPort] = WITH_PORT.exec(text) ?? [];
  const address = inBrackets ?? withPort ?? text;
  if (isIPv4(address)) return address;
  return isIPv6(address) ? plainAddress(address) : undefined;
}

/** IPv6 in its shortest spelling (RFC 5952), or the IPv4 address that is mapped into it. */
function plainAddress(address: string): string {
  const [groups = '', zone] = address.split('%');
  const plain = new SocketAddress({ address: groups, family: 'ipv6' }).address.replace(
    /^::ffff:(?=\d+\.)/,
    '',
  );
  return zone === undefined ? plain : `${plain}%${zone}`;
}
