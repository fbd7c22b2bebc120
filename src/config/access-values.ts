import { BlockList, isIP } from 'node:net';

/** Express's names of networks that every machine has. */
const NETWORK_NAMES = new Set(['loopback', 'linklocal', 'uniquelocal']);

/** A host's name or address, or `.example.com` for every name below it. */
export function isHostPattern(value: string): boolean {
  const name = value.replace(/^\./, '');
  return !/[/@:?#\s]/.test(name.replace(/^\[[\da-f:.]+\]$/, '')) && URL.canParse(`http://${name}`);
}

export function isOrigin(value: string): boolean {
  return URL.canParse(value) && new URL(value).origin === value;
}

/** An address, a network in CIDR notation, or a name of Express's. Excludes the network of all addresses, where everybody is a proxy. */
export function isProxyAddress(value: string): boolean {
  return NETWORK_NAMES.has(value) || isNetwork(value);
}

/** An address, or a network in CIDR notation. Excludes the network of all addresses. */
export function isNetwork(value: string): boolean {
  const [address = '', prefix, ...rest] = value.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || address.includes('%')) return false;
  return prefix === undefined || isPrefixLength(address, prefix, version);
}

function isPrefixLength(address: string, prefix: string, version: number): boolean {
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) === 0) return false;
  try {
    new BlockList().addSubnet(address, Number(prefix), version === 6 ? 'ipv6' : 'ipv4');
    return true;
  } catch {
    return false; // the prefix is longer than an address
  }
}
