import type { IncomingMessage } from 'node:http';

/** Returns the token of the only `Authorization: Bearer` header; undefined if absent, or for another scheme. */
export function bearerToken(request: IncomingMessage): string | undefined {
  const [header, second] = request.headersDistinct['authorization'] ?? [];
  if (header === undefined || second !== undefined) return undefined;
  return /^Bearer +(\S+) *$/i.exec(header)?.[1];
}
