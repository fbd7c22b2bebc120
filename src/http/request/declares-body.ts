import type { IncomingMessage } from 'node:http';

/** Reports whether the headers of a request allow a body of at least one byte (RFC 9112 6.3). */
export function declaresBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
