import { ParserInput, type ParserPiece } from './parser-input.js';
import { PartHeaders } from './part-headers.js';

const CRLF = Buffer.from('\r\n');
const EMPTY_LINE = Buffer.from('\r\n\r\n');
const DASHES = Buffer.from('--');
const NOTHING = Buffer.alloc(0);
/** Bound of the preamble, which is ignored. It detects bodies of another type early. */
const MAX_PREAMBLE_BYTES = 4 * 1024 * 1024;
/** Node's own limit for the headers of a request. */
const MAX_HEADER_BYTES = 16 * 1024;
/** Rest of a delimiter's line as far as received: optional white space (RFC 2046 5.1.1). */
const END_OF_LINE = /^[ \t]*(?:\r\n|\r?$)/;
const WHOLE_END_OF_LINE = /^[ \t]*\r\n/;

type State = 'body' | 'delimiter' | 'headers' | 'bodyStart' | 'closing' | 'over';

/**
 * Finds the delimiters of a form (RFC 2046 5.1.1) before the parser reads it. busboy skips parts that it cannot read,
 * and can report a form as complete that was never closed: a form is complete only if this scanner has seen its closing
 * delimiter. Also reads the headers of the parts, because the parser exposes few of them. Simplifies legal input that
 * the parser does not support: removes white space after delimiters, and empty parameters in headers.
 */
export class FormScanner {
  readonly #needle: Buffer;
  /**
   * Last bytes of the content, which may begin a delimiter. A form may begin with a delimiter, as if after a line
   * break.
   */
  #tail: Buffer = CRLF;
  #state: State = 'body';
  /** Received part of a delimiter's line, of headers or of the beginning of a body, not yet decided. */
  #held: Buffer = NOTHING;
  /** Bytes after the closing delimiter, up to the end of its line. */
  #closing = '';
  #parts = 0;
  /**
   * Number of parts whose headers are complete for the parser. It waits for bytes that rule out a delimiter after the
   * last line break.
   */
  #begunParts = 0;
  /** Bytes of the preamble, or of the current part's content. */
  #bytes = 0;
  #isBroken = false;
  readonly #headers: (PartHeaders | undefined)[] = [];
  #hasLongHeaders = false;
  /** Headers that a parser could read as another part, or as none. */
  #headersProblem: string | undefined;

  constructor(boundary: string) {
    this.#needle = Buffer.from(`\r\n--${boundary}`, 'latin1');
  }

  /** Number of parts that have begun. */
  get parts(): number {
    return this.#parts;
  }

  /**
   * Whether the closing delimiter was seen. If other bytes follow on its line, it is invalid and the form is broken.
   */
  get isClosed(): boolean {
    return (this.#state === 'closing' || this.#state === 'over') && !this.#isBroken;
  }

  /** Whether a delimiter has other bytes after its boundary, or is not on a line of its own. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Why the form cannot become complete, whatever follows. */
  get problem(): string | undefined {
    if (this.#isBroken) return 'one of its boundaries is not a line of its own';
    if (this.#parts === 0 && this.#bytes > MAX_PREAMBLE_BYTES) return 'it does not begin with its boundary';
    if (this.#hasLongHeaders) return 'the headers of one of its parts do not end';
    return this.#headersProblem;
  }

  /** Removes and returns the headers of a part, counted from 0; undefined before they are complete. */
  takeHeaders(part: number): PartHeaders | undefined {
    const headers = this.#headers[part];
    this.#headers[part] = undefined;
    return headers;
  }

  /** Scans a chunk. @returns the pieces for the parser, which share the chunk's memory. */
  push(chunk: Buffer): readonly ParserPiece[] {
    const input = new ParserInput();
    for (let rest = chunk; rest.length > 0 && !this.#isBroken;) rest = this.#read(rest, input);
    return input.pieces;
  }

  /** @returns the remaining bytes, for the next state. */
  #read(bytes: Buffer, input: ParserInput): Buffer {
    switch (this.#state) {
      case 'body':
        return this.#readBody(bytes, input);
      case 'delimiter':
        return this.#readDelimiter(bytes, input);
      case 'headers':
        return this.#readHeaders(bytes, input);
      case 'bodyStart':
        return this.#readBodyStart(bytes);
      case 'closing':
        return this.#readClosing(bytes);
      case 'over':
        return NOTHING; // the epilogue is ignored
    }
  }

  #readBody(bytes: Buffer, input: ParserInput): Buffer {
    const overlap = this.#needle.length - 1;
    const seam = this.#tail.length === 0 ? NOTHING : Buffer.concat([this.#tail, bytes.subarray(0, overlap)]);
    const atSeam = seam.indexOf(this.#needle);
    const at = atSeam === -1 ? bytes.indexOf(this.#needle) : atSeam - this.#tail.length;
    if (at === -1 && atSeam === -1) {
      this.#add(bytes, input);
      this.#bytes += bytes.length;
      const last = bytes.length >= overlap ? bytes : Buffer.concat([this.#tail, bytes]);
      // Copied, because a slice would keep the whole chunk in memory.
      this.#tail = Buffer.from(last.subarray(-overlap));
      return NOTHING;
    }
    const end = at + this.#needle.length;
    this.#bytes += at; // at is negative if the delimiter began in the previous chunk
    this.#add(bytes.subarray(0, end), input, this.#parts === 0 ? undefined : this.#bytes);
    this.#enter('delimiter');
    return bytes.subarray(end);
  }

  #add(bytes: Buffer, input: ParserInput, endedBytes?: number): void {
    input.add({ bytes, parts: this.#begunParts, endedBytes });
  }

  #readDelimiter(bytes: Buffer, input: ParserInput): Buffer {
    const line = this.#withHeld(bytes);
    const text = line.toString('latin1', 0, MAX_HEADER_BYTES);
    if (text.startsWith('--')) {
      this.#add(DASHES, input);
      this.#enter('closing');
      return line.subarray(DASHES.length);
    }
    const [whole] = WHOLE_END_OF_LINE.exec(text) ?? [];
    if (whole !== undefined) {
      this.#parts++;
      this.#enter('headers');
      // Headers begin with the line break before them.
      return line.subarray(whole.length - CRLF.length);
    }
    this.#isBroken = text !== '-' && (!END_OF_LINE.test(text) || line.length > MAX_HEADER_BYTES);
    return this.#hold(line);
  }

  /** Reads headers, from the line break that ends the delimiter. */
  #readHeaders(bytes: Buffer, input: ParserInput): Buffer {
    const joined = this.#withHeld(bytes);
    const end = joined.indexOf(EMPTY_LINE);
    const within = end === -1 ? joined : joined.subarray(0, end + CRLF.length + this.#needle.length - 1);
    const next = within.indexOf(this.#needle);
    this.#hasLongHeaders ||= end > MAX_HEADER_BYTES || (end === -1 && joined.length > MAX_HEADER_BYTES);
    if (this.#hasLongHeaders) return NOTHING; // nothing makes the form complete any more
    if (next !== -1) {
      this.#headersProblem ??= 'one of its parts ends before its headers do';
      this.#enter('body');
      return joined.subarray(next);
    }
    if (end === -1) return this.#hold(joined);
    const whole = joined.subarray(0, end + EMPTY_LINE.length);
    this.#add(this.#parsedHeaders(whole), input);
    this.#enter('bodyStart');
    this.#bytes = 0;
    return joined.subarray(whole.length);
  }

  /** @returns the bytes for the parser. */
  #parsedHeaders(block: Buffer): Buffer {
    const headers = new PartHeaders(block.subarray(CRLF.length, -EMPTY_LINE.length));
    this.#headers[this.#parts - 1] = headers;
    this.#headersProblem ??= headers.problem;
    const { plainer } = headers;
    return plainer === undefined ? block : Buffer.from(`\r\n${plainer}\r\n\r\n`, 'latin1');
  }

  /**
   * Detects a delimiter directly after the headers: the parser would treat it as content, other parsers as a delimiter.
   */
  #readBodyStart(bytes: Buffer): Buffer {
    const delimiter = this.#needle.subarray(CRLF.length);
    const start = this.#withHeld(bytes);
    const isDelimiter = delimiter.subarray(0, start.length).equals(start.subarray(0, delimiter.length));
    if (isDelimiter && start.length < delimiter.length) return this.#hold(start);
    this.#isBroken = isDelimiter;
    this.#begunParts = this.#parts;
    this.#enter('body');
    return start;
  }

  #readClosing(bytes: Buffer): Buffer {
    this.#closing += bytes.toString('latin1', 0, MAX_HEADER_BYTES);
    this.#isBroken = !END_OF_LINE.test(this.#closing) || this.#closing.length > 2 * MAX_HEADER_BYTES;
    if (WHOLE_END_OF_LINE.test(this.#closing)) this.#enter('over');
    return NOTHING;
  }

  #enter(state: State): void {
    this.#state = state;
    this.#held = NOTHING;
    this.#tail = NOTHING;
  }

  #withHeld(bytes: Buffer): Buffer {
    return this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
  }

  /** Holds bytes as a copy, because a slice would keep the whole chunk in memory. @returns no remaining bytes. */
  #hold(bytes: Buffer): Buffer {
    this.#held = Buffer.from(bytes.subarray(0, 2 * MAX_HEADER_BYTES));
    return NOTHING;
  }
}
