import { checksumsOf } from '../../../checksums/running-checksums.js';
import { sharedChecksumThreads } from '../../../checksums/checksum-threads.js';
import type { ThreadedChecksums } from '../../../checksums/threaded-checksums.js';
import type { ChecksumAlgorithm, Checksums } from '../../../contract/checksums.js';

/** The longest distance of checksums behind the writing: bytes that are read back soon come from the page cache. */
const MAX_LAG_BYTES = 64 * 1024 * 1024;

/**
 * Computes the checksums of a file while it is written. A file of one batch is hashed at once. A thread reads back a longer one,
 * so that its bytes are neither copied nor hashed on the thread that receives uploads.
 */
export class FileChecksums {
  readonly #fd: number;
  readonly #algorithms: readonly ChecksumAlgorithm[];
  #threaded: ThreadedChecksums | undefined;
  #whole: Checksums | undefined;

  /** @param fd a descriptor that is open for reading too. */
  constructor(fd: number, algorithms: readonly ChecksumAlgorithm[]) {
    this.#fd = fd;
    this.#algorithms = algorithms;
  }

  /** Hashes the whole file: these buffers, and no others. */
  hashWhole(buffers: readonly Buffer[]): void {
    this.#whole = checksumsOf(buffers, this.#algorithms);
  }

  /** Reports the file's present length. Resolves when more may be written. */
  async onWritten(bytes: number): Promise<void> {
    if (this.#whole !== undefined || this.#algorithms.length === 0) return;
    this.#threaded ??= sharedChecksumThreads.open(this.#algorithms);
    this.#threaded.readFile(this.#fd, bytes);
    await this.#threaded.waitForLag(MAX_LAG_BYTES);
  }

  async result(): Promise<Checksums> {
    return this.#whole ?? (await this.#threaded?.result()) ?? {};
  }

  /** Resolves when nothing reads the file any more. */
  async close(): Promise<void> {
    await this.#threaded?.close();
  }
}
