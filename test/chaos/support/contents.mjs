import { createCipheriv, createHash } from 'node:crypto';

/** @import { Random } from './random.mjs' */

const POOL_BYTES = 64 * 1024 * 1024;

/** The bytes of one file, and what they are recognised by. */
export class Content {
  /** @type {string | undefined} */
  #md5;

  /** @param {Buffer} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.size = bytes.length;
  }

  /** In hex; found when it is first asked for. */
  get md5() {
    this.#md5 ??= digest('md5', this.bytes);
    return this.#md5;
  }

  /** @param {Buffer} bytes */
  equals(bytes) {
    return this.bytes.equals(bytes);
  }

  /**
   * Whether `bytes` are its beginning, and not all of it.
   * @param {Buffer} bytes
   */
  isCutTo(bytes) {
    return bytes.length < this.size && this.bytes.subarray(0, bytes.length).equals(bytes);
  }
}

/**
 * Contents of any size up to the pool's, cut from the same noise at different places: two of more than a few bytes differ
 * everywhere, so that no mixture of them passes for one.
 */
export class ContentPool {
  #noise;

  /**
   * @param {string | number} seed
   * @param {number} [poolBytes]
   */
  constructor(seed, poolBytes = POOL_BYTES) {
    const key = createHash('sha256').update(`contents/${seed}`).digest();
    const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
    this.#noise = cipher.update(Buffer.alloc(poolBytes));
  }

  /**
   * @param {Random} random
   * @param {number} size
   */
  take(random, size) {
    const start = random.below(this.#noise.length - size + 1);
    return new Content(this.#noise.subarray(start, start + size));
  }
}

/**
 * @param {string} algorithm
 * @param {Buffer | string} bytes
 * @param {import('node:crypto').BinaryToTextEncoding} [encoding]
 */
export function digest(algorithm, bytes, encoding = 'hex') {
  return createHash(algorithm).update(bytes).digest(encoding);
}
