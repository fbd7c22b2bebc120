import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { StageError } from '../stage-error.js';

const ALGORITHM = 'aes-256-gcm';
const VERSION = 'v1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals what is secret of a connection for the database: `v1.<key id>.<base64 of nonce, tag and ciphertext>`, bound to its
 * row, so that a sealed text is of no use in another one.
 */
export class ConnectionCipher {
  readonly #key: Buffer;
  /** Tells which key is missing, and tells nothing of the key. */
  readonly #keyId: string;

  /** @param key 32 bytes. */
  constructor(key: Buffer) {
    this.#key = key;
    this.#keyId = createHash('sha256')
      .update('stagedoor connection key id')
      .update(key)
      .digest('hex')
      .slice(0, 8);
  }

  /** @param row names the row, or the rows, among those of all tables. @param content what JSON can hold. */
  seal(row: string, content: object): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#key, nonce).setAAD(Buffer.from(row));
    const sealed = Buffer.concat([cipher.update(JSON.stringify(content), 'utf8'), cipher.final()]);
    return [
      VERSION,
      this.#keyId,
      Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64'),
    ].join('.');
  }

  /**
   * @returns what `seal` was given for this row.
   * @throws StageError of kind `UnreadableConnection` for another key, another row or a damaged text.
   */
  open(row: string, text: string): unknown {
    const [version, keyId, payload] = text.split('.');
    if (version !== VERSION || payload === undefined)
      throw unreadable('it is in a form that this version does not know');
    if (keyId !== this.#keyId) {
      throw unreadable(
        `it was encrypted with key ${String(keyId)}, and CONNECTION_KEY holds key ${this.#keyId}`,
      );
    }
    try {
      return JSON.parse(this.#decrypt(row, Buffer.from(payload, 'base64')));
    } catch (error) {
      throw unreadable('its ciphertext is damaged', error);
    }
  }

  #decrypt(row: string, payload: Buffer): string {
    const nonce = payload.subarray(0, NONCE_BYTES);
    const tag = payload.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
    const decipher = createDecipheriv(ALGORITHM, this.#key, nonce, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(row))
      .setAuthTag(tag);
    return (
      decipher.update(payload.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
    );
  }
}

function unreadable(reason: string, cause?: unknown): StageError {
  return new StageError('UnreadableConnection', `The connection cannot be read: ${reason}.`, {
    cause,
  });
}
