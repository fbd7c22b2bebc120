import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { AuthError } from './auth-error.js';

export interface BasicCredentials {
  readonly name: string;
  readonly password: string;
}

/**
 * Parses the Authorization header by RFC 7617: the name ends at the first colon, the rest is the password, and both are
 * UTF-8. Messages are Databend's.
 *
 * @throws AuthError for a missing, repeated or malformed header.
 */
export function basicCredentials(request: IncomingMessage): BasicCredentials {
  const [header, second] = request.headersDistinct['authorization'] ?? [];
  if (header === undefined) {
    throw new AuthError('NoCredentials', 'Authentication error: no authorization header provided');
  }
  if (second !== undefined) {
    throw new AuthError(
      'MalformedCredentials',
      'Authentication error: multiple authorization headers detected',
    );
  }
  const match = /^Basic +([A-Za-z0-9+/_-]+=*) *$/i.exec(header);
  if (match?.[1] === undefined) throw unreadable(header);
  return decode(Buffer.from(match[1], 'base64'));
}

function decode(bytes: Buffer): BasicCredentials {
  if (!isUtf8(bytes)) throw malformed();
  const text = bytes.toString();
  const colon = text.indexOf(':');
  if (colon === -1) throw malformed();
  return { name: text.slice(0, colon), password: text.slice(colon + 1) };
}

function unreadable(header: string): AuthError {
  if (/^Basic\b/i.test(header)) return malformed();
  return new AuthError('UnsupportedScheme', 'Authentication error: unsupported authorization header format');
}

function malformed(): AuthError {
  return new AuthError('MalformedCredentials', 'Authentication error: invalid Basic auth header format');
}
