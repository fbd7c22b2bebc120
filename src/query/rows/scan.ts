import type { Row } from './table.js';

/** Rows that are being read: it can be left between two pages, and taken up again where it was left. */
export class Scan {
  readonly #batches: AsyncIterator<readonly Row[]>;
  /** The scan outlives the request that began it, and so do its reads. */
  readonly #abort = new AbortController();
  #rest: readonly Row[] = [];

  constructor(open: (signal: AbortSignal) => AsyncIterable<readonly Row[]>) {
    this.#batches = open(this.#abort.signal)[Symbol.asyncIterator]();
  }

  /** @returns the next rows; undefined at the end. @param signal of who waits for them. */
  async next(signal: AbortSignal): Promise<readonly Row[] | undefined> {
    if (this.#rest.length > 0) {
      const rows = this.#rest;
      this.#rest = [];
      return rows;
    }
    const abort = (): void => {
      this.#abort.abort(signal.reason);
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    try {
      const batch = await this.#batches.next();
      return batch.done === true ? undefined : batch.value;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Rows that `next` has given and that are still wanted. */
  putBack(rows: readonly Row[]): void {
    this.#rest = rows;
  }

  /** Nobody wants the rest. */
  close(): void {
    this.#abort.abort();
    // What it says to that is of no use to anybody.
    this.#batches.return?.().catch(() => undefined);
  }
}
