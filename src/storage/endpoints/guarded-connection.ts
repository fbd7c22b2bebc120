import dns, { type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import type { StorageError } from '../contract/storage-error.js';
import type { EndpointRules } from './endpoint-rules.js';

/**
 * A lookup for a connection that is about to be made: it answers with the addresses that the rules let through, and fails where
 * there are none. To these the connection is made, so that it does not matter what a name means at another time.
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

/** The refusal of a host that is an address: nothing looks that up. */
export function refusalOfLiteral(
  host: string | null | undefined,
  rules: EndpointRules,
): StorageError | undefined {
  return typeof host === 'string' && isIP(host) !== 0 ? rules.refusalOf(host, host) : undefined;
}

function isAllowed(host: string, rules: EndpointRules): (candidate: LookupAddress) => boolean {
  return ({ address }) => rules.refusalOf(address, host) === undefined;
}

/** The first refusal, where no address is left. */
function refusalOfAll(
  addresses: readonly LookupAddress[],
  host: string,
  rules: EndpointRules,
): StorageError | null {
  if (addresses.some(isAllowed(host, rules))) return null;
  return addresses.map(({ address }) => rules.refusalOf(address, host))[0] ?? null;
}
