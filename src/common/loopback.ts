import { BlockList } from 'node:net';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Matches addresses of 127.0.0.0/8, `::1`, and addresses of the former mapped into IPv6. */
export function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  return plain !== '' && LOOPBACK.check(plain, plain.includes(':') ? 'ipv6' : 'ipv4');
}

/** Does a host, as settings and URLs write it, mean this machine alone? */
export function isLocalHost(host: string): boolean {
  return host === 'localhost' || isLoopback(host.replace(/^\[(.*)\]$/, '$1'));
}
