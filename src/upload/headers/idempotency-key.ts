import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { RequestError } from '../../http/request/request-error.js';

/** A plain value, or a string of a structured field (draft-ietf-httpapi-idempotency-key-header). */
const KEY = /^(?:"([\x20\x21\x23-\x7e]{1,255})"|([\x21\x23-\x7e]{1,255}))$/;

/** Parses the key for repeating a request. @throws RequestError of kind `MalformedHeader`. */
export function idempotencyKey(headers: IncomingHttpHeaders): string | undefined {
  const value = headers['idempotency-key'];
  if (value === undefined) return undefined;
  const [, quoted, bare] = KEY.exec(String(value).trim()) ?? [];
  const key = quoted ?? bare;
  if (key !== undefined) return key;
  throw new RequestError(
    'MalformedHeader',
    'The header Idempotency-Key may have 1 to 255 printable ASCII characters, without quotes inside.',
  );
}

/** Returns a digest that distinguishes requests by their headers. */
export function requestDigest(facts: object): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64');
}
