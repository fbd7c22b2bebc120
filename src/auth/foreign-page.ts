import type { IncomingMessage } from 'node:http';
import { isLoopback } from '../common/loopback.js';

/** Values that a browser sends for this server's own pages, and for an address that a person typed. */
const OWN_FETCH_SITES = new Set(['same-origin', 'none']);

/**
 * Detects requests that another web page may have caused: the host is not a name of this machine (DNS rebinding) or absent, or the
 * browser reports another site.
 *
 * @returns the reason; undefined if neither applies.
 * @param publicHost host and port of PUBLIC_URL, another name of this server.
 */
export function foreignPageReason(
  { headers }: IncomingMessage,
  publicHost: string | undefined,
): string | undefined {
  const host = headers.host?.toLowerCase();
  const { origin } = headers;
  if (host === undefined || (host !== publicHost && !isNameOfThisMachine(host))) {
    return `its Host is no name of this machine: ask for localhost`;
  }
  if (origin !== undefined && !isOwnOrigin(origin, host, publicHost)) return 'a page of another origin asks';
  const site = headers['sec-fetch-site'];
  if (site !== undefined && !OWN_FETCH_SITES.has(site)) return 'a page of another site asks';
  return undefined;
}

function isNameOfThisMachine(host: string): boolean {
  if (!URL.canParse(`http://${host}`)) return false;
  const name = new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  return /^[\d.]+$|:/.test(name) && isLoopback(name);
}

function isOwnOrigin(origin: string, host: string | undefined, publicHost: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const originHost = new URL(origin).host;
  return originHost === host || originHost === publicHost;
}
