import { isIP, type BlockList } from 'node:net';
import { StorageError } from '../contract/storage-error.js';
import { forbiddenAs, isIn, networkList } from './forbidden-addresses.js';

/** Decides to which hosts and addresses this server may connect for a store. */
export class EndpointRules {
  readonly #isOpen: boolean;
  readonly #hosts: readonly string[];
  readonly #networks: BlockList | undefined;

  /**
   * @param entryTexts the allowed hosts, `.example.com` for all names below it, addresses and networks. All others are refused. Empty:
   *   only the forbidden addresses are refused.
   */
  constructor(entryTexts: readonly string[] = []) {
    const entries = entryTexts.map(withoutBrackets);
    const networks = entries.filter((entry) => isIP(entry.split('/')[0] ?? '') !== 0);
    this.#isOpen = entryTexts.length === 0;
    this.#hosts = entries.filter((entry) => !networks.includes(entry));
    this.#networks = networks.length === 0 ? undefined : networkList(networks);
  }

  /**
   * Checks a URL's host before its DNS lookup.
   *
   * @returns an error of kind `InvalidConfig` that names the rule; undefined if the host is not refused yet.
   */
  refusalOfHost(name: string): StorageError | undefined {
    const host = withoutBrackets(name);
    if (isIP(host) !== 0) return this.refusalOf(host, host);
    const isUndecided = this.#isOpen || this.#networks !== undefined || this.#isListed(host);
    return isUndecided ? undefined : notListed(host, host);
  }

  /**
   * Checks an address before a socket connects to it.
   *
   * @param host the host that has the address.
   * @returns an error of kind `InvalidConfig` that names the rule; undefined if the address is allowed.
   */
  refusalOf(address: string, host: string): StorageError | undefined {
    const what = forbiddenAs(address);
    if (what !== undefined) return forbidden(what, address, host);
    if (this.#isOpen || this.#isListed(host)) return undefined;
    const isListed = this.#networks !== undefined && isIn(this.#networks, address);
    return isListed ? undefined : notListed(address, host);
  }

  #isListed(host: string): boolean {
    const name = host.toLowerCase().replace(/\.$/, '');
    return this.#hosts.some((entry) => name === entry || (entry.startsWith('.') && name.endsWith(entry)));
  }
}

/** Removes the brackets that an IPv6 address has in a URL. */
function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

function forbidden(what: string, address: string, host: string): StorageError {
  const whose = address === host ? address : `an address of ${host}, ${address},`;
  return refusal(`${whose} is ${what}, to which no stage may lead.`, address);
}

/** Puts the address into the log only: users must not learn the addresses of names in the operator's network. */
function notListed(address: string, host: string): StorageError {
  const rule = "the server's setting STORAGE_ENDPOINTS says where stages may lead, and";
  return refusal(`${rule} ${host} is not in it.`, address);
}

function refusal(reason: string, address: string): StorageError {
  return new StorageError('InvalidConfig', `The endpoint is refused: ${reason}`, { context: { address } });
}
