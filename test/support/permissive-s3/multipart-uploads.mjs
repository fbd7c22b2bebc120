import { randomBytes } from 'node:crypto';

/** @import { ObjectHeaders } from './byte-store.mjs' */
/** @import { Checksum } from './s3-checksums.mjs' */

/** @typedef {{ number: number, bytes: Buffer, etag: string, checksum: Checksum | undefined, lastModified: Date }} Part */
/**
 * @typedef {object} Upload
 * @property {string} id
 * @property {string} key a character for each byte
 * @property {Date} initiated
 * @property {Map<number, Part>} parts
 * @property {ObjectHeaders} headers
 */

/** The multipart uploads of one bucket that are neither completed nor aborted. */
export class MultipartUploads {
  /** @type {Map<string, Upload>} */
  #uploads = new Map();

  /**
   * @param {string} key
   * @param {{ headers: ObjectHeaders }} facts
   * @returns {Upload}
   */
  begin(key, facts) {
    const upload = {
      id: randomBytes(16).toString('hex'),
      key,
      initiated: new Date(),
      parts: new Map(),
      ...facts,
    };
    this.#uploads.set(upload.id, upload);
    return upload;
  }

  /**
   * @param {string} key
   * @param {string | undefined} id
   */
  find(key, id) {
    const upload = this.#uploads.get(id ?? '');
    return upload?.key === key ? upload : undefined;
  }

  /** @param {string} id */
  end(id) {
    this.#uploads.delete(id);
  }

  clear() {
    this.#uploads.clear();
  }

  /** In the order of their keys; those of one key as they were begun. */
  all() {
    return [...this.#uploads.values()].sort(({ key: a }, { key: b }) => (a < b ? -1 : a > b ? 1 : 0));
  }
}
