import { createHmac, timingSafeEqual } from 'node:crypto';
import { derivedKey, type MasterKeys } from './master-keys.js';

/**
 * Makes digests of texts that may hold a secret: `<key id>.<HMAC-SHA256>`. Whoever has the database, and not the keys, cannot
 * guess the secret by them. A digest for one purpose differs from that for another.
 */
export class KeyedDigest {
  readonly #currentId: string;
  readonly #keys: ReadonlyMap<string, Buffer>;

  constructor(keys: MasterKeys, purpose: string) {
    this.#currentId = keys[0].id;
    this.#keys = new Map(keys.map((key) => [key.id, derivedKey(key, purpose)]));
  }

  /** Uses the first key. */
  of(text: string): string {
    return this.#under(this.#currentId, text) ?? '';
  }

  /** Was the digest made of this text, with one of the keys? */
  matches(text: string, digest: string): boolean {
    const expected = this.#under(digest.slice(0, digest.indexOf('.')), text);
    if (expected === undefined) return false;
    const [made, given] = [Buffer.from(expected), Buffer.from(digest)];
    return made.length === given.length && timingSafeEqual(made, given);
  }

  /** Was the digest made with one of the keys? Under another key it proves nothing. */
  hasKeyOf(digest: string): boolean {
    return this.#keys.has(digest.slice(0, digest.indexOf('.')));
  }

  #under(keyId: string, text: string): string | undefined {
    const key = this.#keys.get(keyId);
    if (key === undefined) return undefined;
    return `${keyId}.${createHmac('sha256', key).update(text).digest('base64url')}`;
  }
}
