/** Reads rows. A scan can pause between two pages and continue at the same row. */
export class Scan<Row> {
  readonly #batches: AsyncIterator<readonly Row[]>;
  /** The scan and its reads outlive the request that began it. */
  readonly #abort = new AbortController();
  #unread: readonly Row[] = [];

  constructor(open: (signal: AbortSignal) => AsyncIterable<readonly Row[]>) {
    this.#batches = open(this.#abort.signal)[Symbol.asyncIterator]();
  }

  /**
   * @param signal the signal of the request that waits for the rows.
   * @returns the next rows; undefined at the end.
   */
  async next(signal: AbortSignal): Promise<readonly Row[] | undefined> {
    if (this.#unread.length > 0) {
      const rows = this.#unread;
      this.#unread = [];
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

  /** Returns rows to the scan, so that `next` returns them again. */
  putBack(rows: readonly Row[]): void {
    this.#unread = rows;
  }

  /** Ends the scan before its last row. */
  close(): void {
    this.#abort.abort();
    // The scan's result is discarded, so its error does not matter.
    this.#batches.return?.().catch(() => undefined);
  }
}
