import { createHash } from 'node:crypto';

const PERIOD = 64 * 1024;
const NOISE = createHash('sha512').update('noise').digest();

/**
 * The bytes of a file that is another one for each number: one block that is repeated, so that it is made and compared
 * without being held.
 */
export class LoadBody {
  length;
  #block;

  /**
   * @param {number} number
   * @param {number} length
   */
  constructor(number, length) {
    this.length = length;
    this.#block = Buffer.alloc(PERIOD, NOISE);
    this.#block.write(`file ${number} `);
  }

  *chunks() {
    for (let at = 0; at < this.length; at += PERIOD) {
      yield this.#block.subarray(0, Math.min(PERIOD, this.length - at));
    }
  }

  md5() {
    const hash = createHash('md5');
    for (const chunk of this.chunks()) hash.update(chunk);
    return hash.digest('hex');
  }

  /**
   * Are these its bytes from a place on?
   * @param {Buffer} bytes
   * @param {number} from
   */
  holds(bytes, from) {
    for (let at = 0; at < bytes.length;) {
      const start = (from + at) % PERIOD;
      const count = Math.min(PERIOD - start, bytes.length - at);
      if (bytes.compare(this.#block, start, start + count, at, at + count) !== 0) return false;
      at += count;
    }
    return from + bytes.length <= this.length;
  }
}
