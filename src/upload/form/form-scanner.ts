import { ParserInput, type ParserPiece } from './parser-input.js';
import { PartHeaders } from './part-headers.js';

const CRLF = Buffer.from('\r\n');
const EMPTY_LINE = Buffer.from('\r\n\r\n');
const DASHES = Buffer.from('--');
const NOTHING = Buffer.alloc(0);
/** A preamble is nobody's. A body of another kind that was sent as a form is told so early. */
const MAX_PREAMBLE_BYTES = 4 * 1024 * 1024;
/** As much as Node accepts of a request's headers. */
const MAX_HEADER_BYTES = 16 * 1024;
/** The rest of a delimiter's line (RFC 2046 5.1.1), which white space may fill, as far as it has come. */
const END_OF_LINE = /^[ \t]*(?:\r\n|\r?$)/;
const WHOLE_END_OF_LINE = /^[ \t]*\r\n/;

type State = 'body' | 'delimiter' | 'headers' | 'bodyStart' | 'closing' | 'over';

/**
 * Watches a form's bytes for its delimiters (RFC 2046 5.1.1), before the parser that takes it apart: busboy skips parts
 * that it cannot read and can call a form whole that never closed. What this one has not seen closed is not whole. The
 * headers of the parts are read here too: the parser keeps most of them for itself.
 *
 * What is legal and the parser does not read it gets in a plainer form: delimiters without white space behind them, and
 * headers without empty parameters.
 */
export class FormScanner {
  readonly #needle: Buffer;
  /** The last bytes of a body, in which a delimiter may have begun; a form may begin with one, as if a line had ended before it. */
  #tail: Buffer = CRLF;
  #state: State = 'body';
  /** What has come of a delimiter's line, of headers or of the first bytes of a body, and is not judged yet. */
  #held: Buffer = NOTHING;
  /** What follows the closing delimiter, up to the end of its line. */
  #closing = '';
  #parts = 0;
  /** Parts whose headers are whole to the parser too, which waits for bytes that do not make a delimiter of the last line break. */
  #begunParts = 0;
  /** Bytes of the preamble, or of the content of the part that comes in. */
  #bytes = 0;
  #isBroken = false;
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
    return (this.#state === 'closing' || this.#state === 'over') && !this.#isBroken;
  }

  /** Is there a delimiter that goes on after its boundary, or one that is not in a line of its own? */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Why the form cannot be whole, whatever follows. */
  get problem(): string | undefined {
    if (this.#isBroken) return 'one of its boundaries is not a line of its own';
    if (this.#parts === 0 && this.#bytes > MAX_PREAMBLE_BYTES) return 'it does not begin with its boundary';
    if (this.#hasLongHeaders) return 'the headers of one of its parts do not end';
    return this.#headersProblem;
  }

  /** Takes the headers of a part, counted from 0, away; undefined before they are whole. */
  takeHeaders(part: number): PartHeaders | undefined {
    const headers = this.#headers[part];
    this.#headers[part] = undefined;
    return headers;
  }

  /** @returns what the parser is to read, in pieces that share the chunk's memory. */
  push(chunk: Buffer): readonly ParserPiece[] {
    const input = new ParserInput();
    for (let rest = chunk; rest.length > 0 && !this.#isBroken;) rest = this.#read(rest, input);
    return input.pieces;
  }

  /** @returns what is left of the bytes for the next state. */
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
        return NOTHING; // an epilogue is nobody's
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
      // Copied: a chunk that is kept by reference would be kept whole.
      this.#tail = Buffer.from(last.subarray(-overlap));
      return NOTHING;
    }
    const end = at + this.#needle.length;
    this.#bytes += at; // less than zero where the delimiter has begun in the chunk before
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
      // The headers begin with the line break before them.
      return line.subarray(whole.length - CRLF.length);
    }
    this.#isBroken = text !== '-' && (!END_OF_LINE.test(text) || line.length > MAX_HEADER_BYTES);
    return this.#hold(line);
  }

  /** From the line break on that ends the delimiter. */
  #readHeaders(bytes: Buffer, input: ParserInput): Buffer {
    const known = this.#withHeld(bytes);
    const end = known.indexOf(EMPTY_LINE);
    const within = end === -1 ? known : known.subarray(0, end + CRLF.length + this.#needle.length - 1);
    const next = within.indexOf(this.#needle);
    this.#hasLongHeaders ||= end > MAX_HEADER_BYTES || (end === -1 && known.length > MAX_HEADER_BYTES);
    if (next !== -1) {
      this.#headersProblem ??= 'one of its parts ends before its headers do';
      this.#enter('body');
      return known.subarray(next);
    }
    if (end === -1) return this.#hold(known);
    const whole = known.subarray(0, end + EMPTY_LINE.length);
    this.#add(this.#parsedHeaders(whole), input);
    this.#enter('bodyStart');
    this.#bytes = 0;
    return known.subarray(whole.length);
  }

  /** @returns what the parser is to read instead of them. */
  #parsedHeaders(block: Buffer): Buffer {
    const headers = new PartHeaders(block.subarray(CRLF.length, -EMPTY_LINE.length));
    this.#headers[this.#parts - 1] = headers;
    this.#headersProblem ??= headers.problem;
    const { plainer } = headers;
    return plainer === undefined ? block : Buffer.from(`\r\n${plainer}\r\n\r\n`, 'latin1');
  }

  /** A delimiter that follows the headers at once would be content to the parser, and a delimiter to others. */
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

  /** Copied: a chunk that is kept by reference would be kept whole. @returns what is left: nothing. */
  #hold(bytes: Buffer): Buffer {
    this.#held = Buffer.from(bytes.subarray(0, 2 * MAX_HEADER_BYTES));
    return NOTHING;
  }
}
