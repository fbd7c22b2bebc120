import type { IncomingMessage } from 'node:http';

/** The token of the one `Authorization: Bearer` header; undefined where there is none, or another scheme. */
export function bearerToken(request: IncomingMessage): string | undefined {
  const [header, second] = request.headersDistinct['authorization'] ?? [];
  if (header === undefined || second !== undefined) return undefined;
  return /^Bearer +(\S+) *$/i.exec(header)?.[1];
}
