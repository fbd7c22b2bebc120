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

/** The address of the client: that of the connection, or what trusted proxies say of it. Empty where the client has left. */
export function clientAddress(request: Request): string {
  return (request.ip ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
}
