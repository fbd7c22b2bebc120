import { PartHeaders } from './part-headers.js';

const CRLF = Buffer.from('\r\n');
const EMPTY_LINE = Buffer.from('\r\n\r\n');
/** As much as Node takes in headers of a request. */
const MAX_HEADER_BYTES = 16 * 1024;
const DASHES = Buffer.from('--');
/** What may follow the closing delimiter in its line (RFC 2046 5.1.1), as far as it has come. */
const END_OF_LINE = /^[ \t]*(?:\r\n|\r?$)/;
const WHOLE_END_OF_LINE = /^[ \t]*\r\n/;

/**
 * Watches a form's bytes for its delimiters (RFC 2046 5.1.1), beside the parser that takes it apart: busboy skips parts
 * that it cannot read and can call a form whole that never closed. What this one has not seen closed is not whole. The
 * headers of the parts are read here too: the parser keeps most of them for itself.
 */
export class FormScanner {
  readonly #needle: Buffer;
  /** The last bytes, in which a delimiter may have begun; a form may begin with one, as if a line had ended before it. */
  #tail: Buffer = CRLF;
  #parts = 0;
  /** What follows the closing delimiter, up to the end of its line. */
  #closing: string | undefined;
  #isOver = false;
  #isBroken = false;
  /** What follows the headers of the part that began last, as long as it can be a delimiter without a line break. */
  #bodyStart: Buffer | undefined;
  /** What has come of the headers of the part that began last; undefined when they are whole. */
  #headerBytes: Buffer | undefined;
  readonly #headers: (PartHeaders | undefined)[] = [];
  #hasLongHeaders = false;
  /** A parser could find another part in such headers, or none. */
  #headersProblem: string | undefined;

  constructor(boundary: string) {
    this.#needle = Buffer.from(`\r\n--${boundary}`, 'latin1');
  }

  /** Parts that have begun. */
  get parts(): number {
    return this.#parts;
  }

  /** Has the closing delimiter come? Where more comes in its line, it was none, and the form is broken. */
  get isClosed(): boolean {
    return this.#closing !== undefined && !this.#isBroken;
  }

  /** Is there a delimiter that goes on after its boundary, or one that is not in a line of its own? */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Why the form cannot be whole, whatever follows. */
  get problem(): string | undefined {
    if (this.#isBroken) return 'one of its boundaries is not a line of its own';
    if (this.#hasLongHeaders) return 'the headers of one of its parts do not end';
    return this.#headersProblem;
  }

  /** Takes the headers of a part, counted from 0, away; undefined before they are whole. */
  takeHeaders(part: number): PartHeaders | undefined {
    const headers = this.#headers[part];
    this.#headers[part] = undefined;
    return headers;
  }

  push(chunk: Buffer): void {
    if (this.#isOver || this.#isBroken) return;
    if (this.#closing !== undefined) {
      this.#readClosing(chunk);
      return;
    }
    if (this.#headerBytes !== undefined) this.#readHeaders(chunk);
    else if (this.#bodyStart !== undefined) this.#readBodyStart(chunk);
    const overlap = this.#needle.length + 1;
    const seam = Buffer.concat([this.#tail, chunk.subarray(0, overlap)]);
    this.#scan(seam, { limit: this.#tail.length, rest: chunk.subarray(overlap) });
    this.#scan(chunk, { limit: chunk.length });
    this.#tail = chunk.length >= overlap ? Buffer.from(chunk.subarray(-overlap)) : seam.subarray(-overlap);
  }

  /** Judges the delimiters that begin before `limit` and whose next two bytes are there; `rest` follows the bytes. */
  #scan(bytes: Buffer, { limit, rest }: { readonly limit: number; readonly rest?: Buffer }): void {
    let at = bytes.indexOf(this.#needle);
    while (at !== -1 && at < limit && this.#closing === undefined && !this.#isBroken) {
      const end = at + this.#needle.length;
      if (end + 2 > bytes.length) return;
      this.#judge(bytes.subarray(end, end + 2), () => {
        const following = bytes.subarray(end);
        return rest === undefined
          ? following
          : Buffer.concat([following, rest.subarray(0, MAX_HEADER_BYTES)]);
      });
      at = bytes.indexOf(this.#needle, end);
    }
  }

  #judge(next: Buffer, following: () => Buffer): void {
    if (next.equals(DASHES)) this.#readClosing(following().subarray(DASHES.length));
    else if (next.equals(CRLF)) this.#beginPart(following());
    else this.#isBroken = true;
  }

  #readClosing(bytes: Buffer): void {
    this.#closing = (this.#closing ?? '') + bytes.toString('latin1', 0, MAX_HEADER_BYTES);
    this.#isBroken = !END_OF_LINE.test(this.#closing) || this.#closing.length > 2 * MAX_HEADER_BYTES;
    this.#isOver = WHOLE_END_OF_LINE.test(this.#closing);
  }

  /** @param following from the line break on that ends the delimiter. */
  #beginPart(following: Buffer): void {
    this.#parts++;
    this.#bodyStart = undefined;
    this.#headerBytes = Buffer.alloc(0);
    this.#readHeaders(following);
  }

  #readHeaders(bytes: Buffer): void {
    // Copied: a chunk that is kept by reference would be kept whole.
    const known = Buffer.concat([this.#headerBytes ?? CRLF, bytes.subarray(0, MAX_HEADER_BYTES)]);
    const end = known.indexOf(EMPTY_LINE);
    const next = known.indexOf(this.#needle);
    if (next !== -1 && (end === -1 || next < end + CRLF.length)) {
      this.#headerBytes = undefined;
      this.#headersProblem ??= 'one of its parts ends before its headers do';
    } else if (end !== -1) {
      const headers = new PartHeaders(known.subarray(CRLF.length, end));
      this.#headers[this.#parts - 1] = headers;
      this.#headersProblem ??= headers.problem;
      this.#headerBytes = undefined;
      this.#bodyStart = Buffer.alloc(0);
      this.#readBodyStart(known.subarray(end + EMPTY_LINE.length));
    } else {
      this.#headerBytes = known;
      this.#hasLongHeaders ||= known.length > MAX_HEADER_BYTES;
    }
  }

  /** A delimiter that follows the headers at once would be content to the parser, and a delimiter to others. */
  #readBodyStart(bytes: Buffer): void {
    const delimiter = this.#needle.subarray(CRLF.length);
    const start = Buffer.concat([this.#bodyStart ?? CRLF, bytes.subarray(0, delimiter.length)]);
    const isDelimiter = delimiter.subarray(0, start.length).equals(start.subarray(0, delimiter.length));
    this.#isBroken ||= isDelimiter && start.length >= delimiter.length;
    this.#bodyStart = isDelimiter && !this.#isBroken ? start : undefined;
  }
}
