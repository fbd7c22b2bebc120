import type { IncomingMessage } from 'node:http';

/** Do the headers of a request say that a body of at least one byte may follow (RFC 9112 6.3)? */
export function declaresBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
