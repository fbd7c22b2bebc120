import { checksumsOf } from '../../../checksums/running-checksums.js';
import { sharedChecksumThreads } from '../../../checksums/checksum-threads.js';
import type { ThreadedChecksums } from '../../../checksums/threaded-checksums.js';
import type { ChecksumAlgorithm, Checksums } from '../../../contract/checksums.js';

/** So far the checksums may be behind the writing: what is read back soon comes from the page cache. */
const MAX_LAG_BYTES = 64 * 1024 * 1024;

/**
 * The checksums of a file that is being written. One that is written at once is hashed at once; a longer one is read back by
 * a thread, so that its bytes are neither copied nor hashed where the others are received.
 */
export class FileChecksums {
  readonly #fd: number;
  readonly #algorithms: readonly ChecksumAlgorithm[];
  #threaded: ThreadedChecksums | undefined;
  #whole: Checksums | undefined;

  /** @param fd is open for reading too. */
  constructor(fd: number, algorithms: readonly ChecksumAlgorithm[]) {
    this.#fd = fd;
    this.#algorithms = algorithms;
  }

  /** The file is these buffers, and nothing else is going to be written. */
  hashWhole(buffers: readonly Buffer[]): void {
    this.#whole = checksumsOf(buffers, this.#algorithms);
  }

  /** The file has so many bytes by now. Resolves when more may be written. */
  async onWritten(bytes: number): Promise<void> {
    if (this.#whole !== undefined || this.#algorithms.length === 0) return;
    this.#threaded ??= sharedChecksumThreads.open(this.#algorithms);
    this.#threaded.readFile(this.#fd, bytes);
    await this.#threaded.waitForLag(MAX_LAG_BYTES);
  }

  async result(): Promise<Checksums> {
    return this.#whole ?? (await this.#threaded?.result()) ?? {};
  }

  /** Resolves when nothing reads from the file any more. */
  async close(): Promise<void> {
    await this.#threaded?.close();
  }
}
