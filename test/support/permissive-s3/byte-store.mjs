import { createHash } from 'node:crypto';

import { MultipartUploads } from './multipart-uploads.mjs';

/** @import { BinaryToTextEncoding } from 'node:crypto' */
/** @import { Quirks } from './quirks.mjs' */
/** @import { Checksum } from './s3-checksums.mjs' */

/** @typedef {string | Buffer} Key Bytes, or a text that stands for its UTF-8. */
/** @typedef {Readonly<Record<string, string>>} ObjectHeaders `content-type` and such, in lower case. */
/** @typedef {{ body: Buffer, headers: ObjectHeaders, etag?: string, checksum?: Checksum | undefined }} NewObject */
/**
 * @typedef {object} StoredObject
 * @property {string} key a byte string
 * @property {Buffer} body
 * @property {ObjectHeaders} headers
 * @property {string} etag
 * @property {Checksum | undefined} checksum
 * @property {Date} lastModified
 */

/**
 * A key as one character for each of its bytes: such strings compare as S3 lists. A text stands for its UTF-8.
 * @param {Key} key
 */
export function byteString(key) {
  return (Buffer.isBuffer(key) ? key : Buffer.from(key)).toString('latin1');
}

/**
 * The other way around.
 * @param {string} text
 */
export function bytesOf(text) {
  return Buffer.from(text, 'latin1');
}

/**
 * @param {Uint8Array} bytes
 * @param {BinaryToTextEncoding} [encoding]
 */
export function md5Of(bytes, encoding = 'hex') {
  return createHash('md5').update(bytes).digest(encoding);
}

/**
 * What one bucket holds. Requests come with byte strings; tests come with texts or buffers, by `put`, `get`, `remove`, `keys`
 * and `clear`.
 */
export class ByteStore {
  uploads = new MultipartUploads();
  /** @type {Quirks} */
  #quirks;
  /** @type {Map<string, StoredObject>} */
  #objects = new Map();
  /** @type {string[] | undefined} */
  #sorted;

  /** @param {Quirks} quirks */
  constructor(quirks) {
    this.#quirks = quirks;
  }

  get size() {
    return this.#objects.size;
  }

  /**
   * Puts an object there as somebody else would, without a request.
   * @param {Key} key
   * @param {string | Uint8Array} content
   * @param {ObjectHeaders} [headers]
   */
  put(key, content, headers = {}) {
    const body = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content);
    return this.store(byteString(key), { body, headers });
  }

  /**
   * The content of an object, or undefined.
   * @param {Key} key
   */
  get(key) {
    return this.find(byteString(key))?.body;
  }

  /**
   * Was it there?
   * @param {Key} key
   */
  remove(key) {
    return this.drop(byteString(key));
  }

  /** Of all objects, in the order of their bytes. */
  keys() {
    return this.sortedKeys().map(bytesOf);
  }

  clear() {
    this.#objects.clear();
    this.uploads.clear();
    this.#sorted = undefined;
  }

  /** @param {string} key */
  find(key) {
    return this.#objects.get(this.#nameOf(key));
  }

  /**
   * Puts an object there under a byte string.
   *
   * @param {string} key
   * @param {NewObject} object
   */
  store(key, { body, headers, etag = md5Of(body), checksum }) {
    const name = this.#nameOf(key);
    if (!this.#objects.has(name)) this.#sorted = undefined;
    const lastModified = new Date(Math.floor(Date.now() / 1000) * 1000);
    const object = { key: name, body, headers, etag, checksum, lastModified };
    this.#objects.set(name, object);
    return object;
  }

  /** @param {string} key */
  drop(key) {
    const wasThere = this.#objects.delete(this.#nameOf(key));
    if (wasThere) this.#sorted = undefined;
    return wasThere;
  }

  sortedKeys() {
    this.#sorted ??= [...this.#objects.keys()].sort();
    return this.#sorted;
  }

  /**
   * Is an object there whose key, with a slash after it, begins this one?
   * @param {string} key
   */
  isBelowAnObject(key) {
    for (let at = key.indexOf('/', 1); at >= 0; at = key.indexOf('/', at + 1)) {
      if (this.#objects.has(key.slice(0, at))) return true;
    }
    return false;
  }

  /**
   * Where case is folded, an object keeps the name under which it was made.
   * @param {string} key
   */
  #nameOf(key) {
    if (!this.#quirks.foldsCase || this.#objects.has(key)) return key;
    const folded = foldedCase(key);
    for (const name of this.#objects.keys()) if (foldedCase(name) === folded) return name;
    return key;
  }
}

/** @param {string} key */
function foldedCase(key) {
  return bytesOf(key).toString().toLowerCase();
}
