import { createHmac, timingSafeEqual } from 'node:crypto';
import { derivedKey, keyId, type MasterKeys } from './master-keys.js';

const ID_LENGTH = 8;

interface SigningKey {
  readonly id: string;
  readonly bytes: Buffer;
}

/**
 * Signs data that a client carries for this server and its replicas: `<JSON>.<key id><HMAC-SHA256>`, in base64url except for the
 * id. The client can read the data. A token for one purpose fails verification for another.
 */
export class TokenSigner {
  readonly #currentKey: SigningKey;
  readonly #byId: ReadonlyMap<string, SigningKey>;

  constructor([first, ...others]: MasterKeys, purpose: string) {
    const signingKey = (master: typeof first): SigningKey => {
      const bytes = derivedKey(master, purpose);
      return { id: keyId('signing key id', bytes), bytes };
    };
    this.#currentKey = signingKey(first);
    this.#byId = new Map([this.#currentKey, ...others.map(signingKey)].map((key) => [key.id, key]));
  }

  sign(content: object): string {
    const payload = Buffer.from(JSON.stringify(content)).toString('base64url');
    return `${payload}.${this.#currentKey.id}${digest(this.#currentKey, payload)}`;
  }

  /** @returns the signed content; undefined if `sign` has not made this token with one of the keys. */
  verify(token: string): unknown {
    const dot = token.lastIndexOf('.');
    if (dot === -1) return undefined;
    const payload = token.slice(0, dot);
    const key = this.#byId.get(token.slice(dot + 1, dot + 1 + ID_LENGTH));
    if (key === undefined) return undefined;
    // Compares text, not bytes: two bits of the last base64url character carry no data, and a change of them must fail too.
    const received = Buffer.from(token.slice(dot + 1 + ID_LENGTH));
    const expected = Buffer.from(digest(key, payload));
    if (received.length !== expected.length || !timingSafeEqual(received, expected)) return undefined;
    return JSON.parse(Buffer.from(payload, 'base64url').toString());
  }
}

function digest({ bytes }: SigningKey, payload: string): string {
  return createHmac('sha256', bytes).update(payload).digest('base64url');
}
