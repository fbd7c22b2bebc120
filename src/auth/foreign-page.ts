import type { IncomingMessage } from 'node:http';
import { isLoopback } from '../common/loopback.js';

/** What a browser sends of a page of this server itself, or of a person who typed the address. */
const OWN_FETCH_SITES = new Set(['same-origin', 'none']);

/**
 * Why the request may be that of somebody else's web page: its name for this server is none of this machine (DNS rebinding),
 * or the browser says that another site asks. Undefined where neither holds.
 *
 * @param publicHost the host and port of PUBLIC_URL, which is a name of this server.
 */
export function foreignPage(
  { headers }: IncomingMessage,
  publicHost: string | undefined,
): string | undefined {
  const host = headers.host?.toLowerCase();
  const { origin } = headers;
  if (host !== undefined && host !== publicHost && !isNameOfThisMachine(host)) {
    return `its Host is no name of this machine: ask for localhost`;
  }
  if (origin !== undefined && !isOwnOrigin(origin, host, publicHost)) return 'a page of another origin asks';
  const site = headers['sec-fetch-site'];
  if (site !== undefined && !OWN_FETCH_SITES.has(site)) return 'a page of another site asks';
  return undefined;
}

/** How nearly every client writes it: to parse a URL costs as much as the rest of these questions. */
const USUAL_NAME = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/;

function isNameOfThisMachine(host: string): boolean {
  if (USUAL_NAME.test(host)) return true;
  if (!URL.canParse(`http://${host}`)) return false;
  const name = new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  return /^[\d.]+$|:/.test(name) && isLoopback(name);
}

function isOwnOrigin(origin: string, host: string | undefined, publicHost: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const asking = new URL(origin).host;
  return asking === host || asking === publicHost;
}
