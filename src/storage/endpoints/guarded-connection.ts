import dns, { type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import type { StorageError } from '../contract/storage-error.js';
import type { EndpointRules } from './endpoint-rules.js';

/**
 * Makes a DNS lookup for a socket that returns only the addresses that the rules allow, and fails if none is left. The socket
 * connects to one of these, so a later change of the name's address has no effect.
 */
export function guardedLookup(rules: EndpointRules): LookupFunction {
  return (host, options, callback) => {
    dns.lookup(host, { ...options, all: true }, (error, addresses) => {
      const refused = error ?? refusalOfAll(addresses, host, rules);
      const allowed = refused === null ? addresses.filter(isAllowed(host, rules)) : [];
      const [first] = allowed;
      if (first === undefined) callback(refused, '', 0);
      else if (options.all === true) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

/** Returns the refusal of a host that is itself an address, for which no lookup runs. */
export function refusalOfLiteral(
  host: string | null | undefined,
  rules: EndpointRules,
): StorageError | undefined {
  return typeof host === 'string' && isIP(host) !== 0 ? rules.refusalOf(host, host) : undefined;
}

function isAllowed(host: string, rules: EndpointRules): (candidate: LookupAddress) => boolean {
  return ({ address }) => rules.refusalOf(address, host) === undefined;
}

/** Returns the first refusal if no address is allowed; otherwise null. */
function refusalOfAll(
  addresses: readonly LookupAddress[],
  host: string,
  rules: EndpointRules,
): StorageError | null {
  if (addresses.some(isAllowed(host, rules))) return null;
  return addresses.map(({ address }) => rules.refusalOf(address, host))[0] ?? null;
}
