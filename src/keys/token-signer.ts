import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

const KEY_BYTES = 32;

/**
 * Signs facts that a client carries for this server and its replicas: `<JSON>.<HMAC-SHA256>`, both in base64url. What is
 * signed can be read by who holds it. A token made for one purpose is of no use for another.
 */
export class TokenSigner {
  readonly #key: Buffer;

  constructor(connectionKey: Buffer, purpose: string) {
    this.#key = Buffer.from(hkdfSync('sha256', connectionKey, '', `stagedoor ${purpose}`, KEY_BYTES));
  }

  sign(facts: object): string {
    const payload = Buffer.from(JSON.stringify(facts)).toString('base64url');
    return `${payload}.${this.#digest(payload)}`;
  }

  /** @returns what was signed; undefined where this is not a token that `sign` has made. */
  verify(token: string): unknown {
    const dot = token.lastIndexOf('.');
    if (dot === -1) return undefined;
    const payload = token.slice(0, dot);
    // Compared as text: of the last character's six bits two mean nothing, and changing them is tampering all the same.
    const given = Buffer.from(token.slice(dot + 1));
    const expected = Buffer.from(this.#digest(payload));
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    return JSON.parse(Buffer.from(payload, 'base64url').toString());
  }

  #digest(payload: string): string {
    return createHmac('sha256', this.#key).update(payload).digest('base64url');
  }
}
