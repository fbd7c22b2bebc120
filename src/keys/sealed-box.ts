import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { derivedKey, type MasterKeys } from './master-keys.js';
import { SealedBoxError } from './sealed-box-error.js';

const ALGORITHM = 'aes-256-gcm';
const VERSION = 'v2';
/** The older format, encrypted with the master key itself. It is decrypted, and no longer written. */
const RAW_KEY_VERSION = 'v1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts secrets of the database: `v2.<key id>.<base64 of nonce, tag and ciphertext>`. The row is authenticated with the text,
 * so that a text copied into another row does not decrypt.
 */
export class SealedBox {
  /** The id of the key that encrypts. */
  readonly keyId: string;
  readonly #currentKey: Buffer;
  /** Keys by version and id of the master key. */
  readonly #keys = new Map<string, Buffer>();

  /** @param purpose has keys of its own: texts for one purpose do not decrypt for another. */
  constructor(keys: MasterKeys, purpose = 'sealed box') {
    for (const key of keys) {
      this.#keys.set(`${VERSION}.${key.id}`, derivedKey(key, purpose));
      this.#keys.set(`${RAW_KEY_VERSION}.${key.id}`, key.bytes);
    }
    this.keyId = keys[0].id;
    this.#currentKey = derivedKey(keys[0], purpose);
  }

  /**
   * @param row a name of the row, or rows, that is unique among all tables.
   * @param content a value that JSON can represent.
   */
  encrypt(row: string, content: object): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#currentKey, nonce).setAAD(Buffer.from(row));
    const ciphertext = Buffer.concat([cipher.update(JSON.stringify(content), 'utf8'), cipher.final()]);
    return this.currentPrefix + Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]).toString('base64');
  }

  /**
   * @returns the content that `encrypt` received for this row.
   * @throws SealedBoxError for an unknown key, another row or a damaged text.
   */
  decrypt(row: string, text: string): unknown {
    const [version = '', keyId = '', payload] = text.split('.');
    if (![VERSION, RAW_KEY_VERSION].includes(version) || payload === undefined)
      throw unreadable('it is in a form that this version does not know');
    const key = this.#keys.get(`${version}.${keyId}`);
    if (key === undefined) throw unreadable(this.#missing(keyId));
    try {
      return JSON.parse(decryptPayload(key, row, Buffer.from(payload, 'base64')));
    } catch (error) {
      throw unreadable('its ciphertext is damaged', error);
    }
  }

  /** The prefix of every text that `encrypt` now makes. */
  get currentPrefix(): string {
    return `${VERSION}.${this.keyId}.`;
  }

  #missing(keyId: string): string {
    const keyIds = new Set([...this.#keys.keys()].map((name) => name.slice(VERSION.length + 1)));
    return `it was encrypted with key ${keyId}, and CONNECTION_KEY holds ${[...keyIds].join(', ')}`;
  }
}

function decryptPayload(key: Buffer, row: string, payload: Buffer): string {
  const nonce = payload.subarray(0, NONCE_BYTES);
  const tag = payload.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(row))
    .setAuthTag(tag);
  return (
    decipher.update(payload.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
  );
}

function unreadable(reason: string, cause?: unknown): SealedBoxError {
  return new SealedBoxError('UnreadableSecret', `What is encrypted cannot be read: ${reason}.`, { cause });
}
