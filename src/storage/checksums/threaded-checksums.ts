import type { ChecksumAlgorithm, Checksums } from '../contract/checksums.js';
import type { ChecksumThread } from './checksum-request.js';

/** So much of a file is hashed before the thread turns to another content. */
const STEP_BYTES = 4 * 1024 * 1024;

/** The checksums of one content, taken by a thread while the content is stored. */
export class ThreadedChecksums {
  readonly #thread: ChecksumThread;
  readonly #content: number;
  /** The last request, or the one at which it failed. */
  #last: Promise<unknown>;
  #reading: Promise<void> | undefined;
  #written = 0;
  #read = 0;
  #isClosed = false;

  constructor(thread: ChecksumThread, content: number, algorithms: readonly ChecksumAlgorithm[]) {
    this.#thread = thread;
    this.#content = content;
    this.#last = this.#thread.request({ kind: 'open', content, algorithms });
    this.#last.catch(() => undefined); // told by `result`
  }

  /** Takes what is next of the content from shared memory. Settles when nothing reads from there any more. */
  async update(bytes: Uint8Array<SharedArrayBuffer>): Promise<void> {
    await this.#step(() => this.#thread.request({ kind: 'bytes', content: this.#content, bytes }));
  }

  /** So many bytes of the content are in the file by now: they are read back while more is written. */
  readFile(fd: number, written: number): void {
    this.#written = written;
    if (this.#reading !== undefined || this.#read >= written || this.#isClosed) return;
    this.#reading = this.#readBack(fd);
    this.#reading.catch(() => undefined); // told by `result`
  }

  /** Resolves when no more than so many bytes of the file are written and not yet read back. */
  async waitForLag(bytes: number): Promise<void> {
    while (this.#reading !== undefined && this.#written - this.#read > bytes) await this.#last;
  }

  /** Of all that was given. */
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
      this.#reading = undefined; // in the same turn in which the loop has seen that there is no more
    }
  }

  /** Requests that follow a failed one would hash a content with a hole. */
  async #step(send: () => Promise<unknown>): Promise<void> {
    const step = this.#last.then(send);
    this.#last = step;
    await step;
  }
}
