const CRLF = Buffer.from('\r\n');
const DASHES = Buffer.from('--');

/**
 * Watches a form's bytes for its delimiters (RFC 2046 5.1.1), beside the parser that takes it apart: busboy skips parts
 * that it cannot read and can call a form whole that never closed. What this one has not seen closed is not whole.
 */
export class FormScanner {
  readonly #needle: Buffer;
  /** The last bytes, in which a delimiter may have begun; a form may begin with one, as if a line had ended before it. */
  #tail: Buffer = CRLF;
  #parts = 0;
  #isClosed = false;
  #isBroken = false;

  constructor(boundary: string) {
    this.#needle = Buffer.from(`\r\n--${boundary}`, 'latin1');
  }

  /** Parts that have begun. */
  get parts(): number {
    return this.#parts;
  }

  /** Has the closing delimiter come? */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Is there a delimiter that ends neither in a line break nor in `--`? */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  push(chunk: Buffer): void {
    if (this.#isClosed || this.#isBroken) return;
    const overlap = this.#needle.length + 1;
    const seam = Buffer.concat([this.#tail, chunk.subarray(0, overlap)]);
    this.#scan(seam, this.#tail.length);
    this.#scan(chunk, chunk.length);
    this.#tail = chunk.length >= overlap ? Buffer.from(chunk.subarray(-overlap)) : seam.subarray(-overlap);
  }

  /** Judges the delimiters that begin before `limit` and whose next two bytes are there. */
  #scan(bytes: Buffer, limit: number): void {
    let at = bytes.indexOf(this.#needle);
    while (at !== -1 && at < limit && !this.#isClosed && !this.#isBroken) {
      const end = at + this.#needle.length;
      if (end + 2 > bytes.length) return;
      this.#judge(bytes.subarray(end, end + 2));
      at = bytes.indexOf(this.#needle, end);
    }
  }

  #judge(next: Buffer): void {
    if (next.equals(DASHES)) this.#isClosed = true;
    else if (next.equals(CRLF)) this.#parts++;
    else this.#isBroken = true;
  }
}
