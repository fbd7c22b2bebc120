import { bytesOf } from './byte-store.mjs';

/** @import { S3Headers, S3Operation, S3Request } from './s3-request.mjs' */

/**
 * @typedef {object} JournalEntry
 * @property {S3Operation} operation
 * @property {string} method
 * @property {string} path as it was sent
 * @property {string} bucket
 * @property {string} key as text; bytes that are no UTF-8 are replaced in it
 * @property {Buffer} keyBytes
 * @property {Readonly<Record<string, string>>} query
 * @property {S3Headers} headers
 * @property {number | undefined} status undefined as long as nothing was answered
 */

/** Every request that came, in its order. */
export class RequestJournal {
  /** @type {JournalEntry[]} */
  entries = [];

  /**
   * @param {S3Request} request
   * @returns {JournalEntry}
   */
  begin({ operation, method, path, bucketName, key, query, headers }) {
    const keyBytes = bytesOf(key);
    const place = { path, bucket: bucketName, key: keyBytes.toString(), keyBytes };
    const facts = { query: Object.fromEntries(query), headers, status: undefined };
    const entry = { operation, method, ...place, ...facts };
    this.entries.push(entry);
    return entry;
  }

  /**
   * How many came of one operation, or of all.
   *
   * @param {S3Operation} [operation]
   */
  count(operation) {
    return operation === undefined ? this.entries.length : this.of(operation).length;
  }

  /** @param {S3Operation} operation */
  of(operation) {
    return this.entries.filter((entry) => entry.operation === operation);
  }

  clear() {
    this.entries = [];
  }
}
