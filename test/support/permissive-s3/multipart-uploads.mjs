import { randomBytes } from 'node:crypto';

/** The multipart uploads of one bucket that are neither completed nor aborted. */
export class MultipartUploads {
  #uploads = new Map();

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

  find(key, id) {
    const upload = this.#uploads.get(id);
    return upload?.key === key ? upload : undefined;
  }

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
