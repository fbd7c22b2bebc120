import type { ChecksumAlgorithm, Checksums } from '../contract/checksums.js';
import type { ChecksumThread } from './checksum-request.js';

/** Bytes of a file that the thread hashes before it serves another content. */
const STEP_BYTES = 4 * 1024 * 1024;

/** Checksums of one content, computed by a thread while the content is stored. */
export class ThreadedChecksums {
  readonly #thread: ChecksumThread;
  readonly #content: number;
  /** The last request; it rejects if an earlier one has failed. */
  #last: Promise<unknown>;
  #reading: Promise<void> | undefined;
  #written = 0;
  #read = 0;
  #isClosed = false;

  constructor(thread: ChecksumThread, content: number, algorithms: readonly ChecksumAlgorithm[]) {
    this.#thread = thread;
    this.#content = content;
    this.#last = this.#thread.request({ kind: 'open', content, algorithms });
    this.#last.catch(() => undefined); // `result` reports it
  }

  /** Hashes the next bytes of the content, in shared memory. Settles when nothing reads them any more. */
  async update(bytes: Uint8Array<SharedArrayBuffer>): Promise<void> {
    await this.#step(() => this.#thread.request({ kind: 'bytes', content: this.#content, bytes }));
  }

  /** Reads back the file, which now has `written` bytes of the content, while more is written. */
  readFile(fd: number, written: number): void {
    this.#written = written;
    if (this.#reading !== undefined || this.#read >= written || this.#isClosed) return;
    this.#reading = this.#readBack(fd);
    this.#reading.catch(() => undefined); // `result` reports it
  }

  /** Resolves when at most `bytes` of the file are written and not yet read back. */
  async waitForLag(bytes: number): Promise<void> {
    while (this.#reading !== undefined && this.#written - this.#read > bytes) await this.#last;
  }

  /** Returns the checksums of the whole content. */
  async result(): Promise<Checksums> {
    await this.#reading;
    await this.#last;
    return (await this.#thread.request({ kind: 'result', content: this.#content })) ?? {};
  }

  /** Resolves when nothing reads from the file or the memory any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled([this.#reading, this.#last]);
    if (!this.#thread.hasEnded) await this.#thread.request({ kind: 'close', content: this.#content });
  }

  async #readBack(fd: number): Promise<void> {
    try {
      while (this.#read < this.#written && !this.#isClosed) {
        const from = this.#read;
        const to = Math.min(this.#written, from + STEP_BYTES);
        await this.#step(() => this.#thread.request({ kind: 'file', content: this.#content, fd, from, to }));
        this.#read = to;
      }
    } finally {
      this.#reading = undefined; // in the same turn in which the loop has found no more bytes
    }
  }

  /** Sends nothing after a failed request: the later bytes alone have another checksum. */
  async #step(send: () => Promise<unknown>): Promise<void> {
    const step = this.#last.then(send);
    this.#last = step;
    await step;
  }
}
