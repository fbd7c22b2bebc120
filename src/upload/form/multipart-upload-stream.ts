import type { IncomingMessage } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import { messageOf } from '../../common/message-of.js';
import type { IncomingFile } from '../files/file-upload.js';
import { unlessFaulty } from '../headers/declared-content.js';
import { unescapedFileName } from './escaped-file-name.js';
import { FormScanner } from './form-scanner.js';
import { declaredBytes, IncomingBody, type IncomingBodyLimits } from '../body/incoming-body.js';
import { discardBody } from '../body/discard-body.js';
import { PartBody } from './part-body.js';
import type { ParserPiece } from './parser-input.js';
import { brokenForm, PartialUploadError, UploadError } from '../upload-error.js';

/** A file of a form for its consumer. Its signal aborts when the form cannot become complete any more. */
export interface FormFile extends IncomingFile {
  /** The name as sent, including directories. */
  readonly name: string;
}

export type FormFileConsumer = (file: FormFile) => Promise<void>;

/** The part of busboy's interface in use. */
export type FormParser = Writable & {
  prependListener(
    event: 'file',
    listener: (field: string | undefined, stream: Readable, info: { filename?: string }) => void,
  ): unknown;
  on(event: 'filesLimit', listener: () => void): unknown;
};

export interface MultipartUploadOptions extends IncomingBodyLimits {
  readonly boundary: string;
  readonly maxFileBytes: number;
  /** Whether the client writes `%22` for a quote in a file name. */
  readonly escapesNames: boolean;
  readonly consume: FormFileConsumer;
}

/**
 * Maximum number of parsed files that wait for the consumer. Small files could otherwise accumulate faster than they
 * are stored.
 */
const MAX_WAITING_FILES = 16;

/**
 * Receives one form. Passes files to the consumer one after the other, in the order of the form. The last file's body
 * ends only when the next one begins or the form is closed, so that a truncated form leaves nothing of the truncated
 * file. The first failure ends everything: the signal aborts, and `completed` rejects after every consumer has settled.
 */
export class MultipartUploadStream {
  readonly #request: IncomingMessage;
  readonly #incoming: IncomingBody;
  readonly #maxBytes: number | undefined;
  readonly #options: MultipartUploadOptions;
  readonly #scanner: FormScanner;
  readonly #abort = new AbortController();
  readonly #names: string[] = [];
  readonly #stored: string[] = [];
  readonly #ended: Promise<void>;
  #end: () => void = () => undefined;
  #turn: Promise<void> = Promise.resolve();
  #waiting = 0;
  #current: PartBody | undefined;
  /** Bodies of parts whose end the parser has not read yet. */
  readonly #open: PartBody[] = [];
  #endedParts = 0;
  #hasAllBytes = false;
  #parser: FormParser | undefined;
  #sentName = '';
  #failure: Error | undefined;

  constructor(request: IncomingMessage, options: MultipartUploadOptions) {
    this.#incoming = new IncomingBody(request, options, {
      onChunk: (chunk) => {
        this.#onChunk(chunk);
      },
      onEnd: () => {
        this.#onEnd();
      },
      onFailure: (error) => {
        this.fail(error);
      },
      onIdleWithoutRead: () => {
        this.#failIfStuck();
      },
    });
    this.#request = request;
    this.#maxBytes = declaredBytes(request);
    this.#options = options;
    this.#scanner = new FormScanner(options.boundary);
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** Whether a parser was attached. */
  get isFed(): boolean {
    return this.#parser !== undefined;
  }

  /** Pipes the request's body to a parser, no faster than its files are consumed. */
  feed(parser: FormParser): void {
    this.#parser = parser;
    // Registered before multer's listener, which would unescape names that were never escaped.
    parser.prependListener('file', (field, _stream, { filename }) => {
      this.#sentName = filename ?? '';
      if (filename === undefined || filename === '') this.fail(notAFile(field));
      // multer rejects such a form by itself, but reports it only after the files before it are stored, and they wait
      // for the form.
      else if (field === undefined) this.fail(brokenForm('one of its parts has no name'));
    });
    parser.on('filesLimit', () => {
      this.fail(
        new UploadError('TooManyFiles', 'The form holds too many files: send them in several requests.'),
      );
    });
    parser.on('error', (error) => {
      this.fail(brokenForm(parserReason(error), error));
    });
    parser.on('drain', () => {
      this.#resumeIfReady();
    });
    this.#incoming.start();
  }

  /** Consumes the file that the parser has found last. Settles when the file is stored, or will not be. */
  async accept(stream: Readable): Promise<void> {
    const name = this.#options.escapesNames ? unescapedFileName(this.#sentName) : this.#sentName;
    this.#current?.release();
    const body = new PartBody(stream, this.#options.maxFileBytes);
    this.#current = body;
    this.#open.push(body);
    const part = this.#names.push(name) - 1;
    this.#waiting++;
    const turn = this.#turn.then(() => this.#store({ name, part }, body));
    this.#turn = turn.catch((error: unknown) => {
      this.fail(asError(error));
    });
    return turn;
  }

  /** Records that the form cannot become complete. Only the first failure counts. */
  fail(error: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#incoming.stop();
    this.#abort.abort(error);
    this.#parser?.destroy();
    this.#end();
  }

  /** @returns the names of the files as sent, when the form is complete and every file is stored. */
  async completed(): Promise<readonly string[]> {
    await this.#ended;
    this.#incoming.stop();
    await this.#turn;
    if (this.#failure === undefined) return this.#names;
    throw this.#stored.length === 0 ? this.#failure : new PartialUploadError(this.#failure, this.#stored);
  }

  #onChunk(chunk: Buffer): void {
    if (this.#isLosingFile) {
      this.#incoming.pause(); // the store is about to report why
      return;
    }
    const pieces = this.#scanner.push(chunk);
    const problem = this.#scanner.problem;
    if (problem !== undefined) {
      this.fail(brokenForm(problem));
      return;
    }
    let wantsMore = true;
    for (const piece of pieces) wantsMore = this.#parse(piece);
    if (!wantsMore || this.#waiting > MAX_WAITING_FILES) this.#incoming.pause();
  }

  /** @returns false if the parser needs no more for now. */
  #parse(piece: ParserPiece): boolean {
    const onRead = (error: unknown): void => {
      if (this.#failure === undefined && !(error instanceof Error)) this.#compare(piece);
    };
    return this.#parser?.write(piece.bytes, onRead) ?? false;
  }

  /** Called when the parser has read a piece: its output must match the piece. */
  #compare({ parts, endedBytes }: ParserPiece): void {
    if (this.#names.length < parts) {
      this.fail(this.#noFileIn(this.#names.length));
    } else if (endedBytes !== undefined) {
      this.#endedParts++;
      if (this.#open.shift()?.endAfter(endedBytes) === true) this.#endIfWhole();
      else this.fail(brokenForm('one of its parts does not end'));
    }
  }

  #noFileIn(part: number): UploadError {
    const field = this.#scanner.takeHeaders(part)?.textField;
    return field === undefined ? brokenForm('one of its parts is no file') : notAFile(field);
  }

  /** Whether a store has stopped reading the current file, and not yet reported why. */
  get #isLosingFile(): boolean {
    return this.#current?.destroyed === true && !this.#current.readableEnded;
  }

  #onEnd(): void {
    if (this.#failure !== undefined || this.#isLosingFile) return;
    // The parser may never report it: it leaves the file of a part without a body open, and its own end waits for that.
    if (!this.#scanner.isClosed) {
      this.fail(brokenForm('it ends without its closing boundary'));
      return;
    }
    this.#hasAllBytes = true;
    this.#parser?.end();
    this.#endIfWhole();
  }

  /** Checks that every part is a file, and that the parser has delivered all of it. */
  #endIfWhole(): void {
    if (!this.#hasAllBytes || this.#endedParts < this.#scanner.parts) return;
    if (this.#names.length === 0) this.fail(noFile());
    this.#current?.release();
    this.#end();
  }

  /** A parser keeps bytes only while a file's reader leaves others unread. */
  #failIfStuck(): void {
    const keepsBytes = (this.#parser?.writableLength ?? 0) > 0;
    const isRead = this.#waiting === 0 && this.#open.every((body) => body.isDrained);
    if (keepsBytes && isRead && !this.#isLosingFile) this.fail(brokenForm('one of its parts does not end'));
  }

  #resumeIfReady(): void {
    if (this.#failure !== undefined || this.#waiting > MAX_WAITING_FILES) return;
    if (this.#parser?.writableNeedDrain === false) this.#incoming.resume();
  }

  async #store(
    { name, part }: { readonly name: string; readonly part: number },
    body: PartBody,
  ): Promise<void> {
    this.#waiting--;
    this.#resumeIfReady();
    if (this.#failure !== undefined) throw this.#failure;
    const { signal } = this.#abort;
    const onAbort = (): void => {
      body.destroy(this.#failure);
    };
    signal.addEventListener('abort', onAbort);
    body.start();
    try {
      await this.#consume({ name, part }, body);
      this.#stored.push(name);
    } catch (error) {
      this.fail(body.tooLarge ?? asError(error)); // before the end of the body makes the parser report another error
      throw error;
    } finally {
      signal.removeEventListener('abort', onAbort);
      body.destroy();
    }
  }

  async #consume(
    { name, part }: { readonly name: string; readonly part: number },
    body: PartBody,
  ): Promise<void> {
    const headers = this.#scanner.takeHeaders(part);
    if (headers === undefined) throw brokenForm('the headers of one of its parts cannot be read');
    headers.assertNotEncoded();
    const { memory } = this.#options;
    await this.#options.consume({
      name,
      body,
      maxBytes: this.#maxBytes,
      watchBytes: (listener) => {
        body.onGrowth(listener);
      },
      contentType: headers.contentType(),
      declared: unlessFaulty(this.#request, headers.declaredContent()),
      memory,
      signal: this.#abort.signal,
      discard: () => discardBody(body, memory),
    });
  }
}

/** Converts an error of multer's parser. */
function parserReason(error: unknown): string {
  const text = messageOf(error);
  if (/header/i.test(text)) return 'the headers of one of its parts cannot be read';
  return /unexpected end/i.test(text) ? 'it ends without its closing boundary' : 'it is malformed';
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : brokenForm('it is malformed', error);
}

/** Databend's message, with its advice for a missing `@`. */
function notAFile(field = ''): UploadError {
  return new UploadError(
    'NotAFile',
    `Invalid form-data field '${field}': expected a file upload with a filename. If you are using curl, ` +
      `did you forget the '@' in -F '${field}=@/path/to/file'?`,
  );
}

function noFile(): UploadError {
  return new UploadError(
    'NoFile',
    "The form holds no file. If you are using curl, did you forget the '@' in -F 'upload=@/path/to/file'?",
  );
}
