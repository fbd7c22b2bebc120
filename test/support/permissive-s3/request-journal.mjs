import { bytesOf } from './byte-store.mjs';

/** Every request that came, in its order. */
export class RequestJournal {
  entries = [];

  /** The status is undefined as long as nothing was answered. */
  begin({ operation, method, path, bucketName, key, query, headers }) {
    const keyBytes = bytesOf(key);
    const entry = { operation, method, path, bucket: bucketName, key: keyBytes.toString(), keyBytes };
    this.entries.push(Object.assign(entry, { query: Object.fromEntries(query), headers, status: undefined }));
    return entry;
  }

  count(operation) {
    return operation === undefined ? this.entries.length : this.of(operation).length;
  }

  of(operation) {
    return this.entries.filter((entry) => entry.operation === operation);
  }

  clear() {
    this.entries = [];
  }
}
