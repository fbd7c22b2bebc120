import type { IncomingMessage } from 'node:http';
import { declaredBytes, IncomingBody } from './incoming-body.js';
import { contentTypeOf, refuseWhatIsNoFile } from './raw-body-headers.js';
import { UploadBody } from './upload-body.js';
import { UploadError } from './upload-error.js';

/** A file that is the whole body of a request, as its sink gets it. */
export interface RawFile {
  /** No byte is asked of the client before somebody reads from it, and it ends only when the request was whole. */
  readonly body: UploadBody;
  /** No more than so many bytes will come, where the request has said how many. */
  readonly maxBytes: number | undefined;
  /** As the request has declared it. */
  readonly contentType: string | undefined;
  /** Fires when the file cannot become whole any more. */
  readonly signal: AbortSignal;
}

export type RawSink<T> = (file: RawFile) => Promise<T>;

export interface RawReceptionOptions {
  readonly idleTimeoutMs: number;
  /** A file may have so many bytes. */
  readonly maxBytes: number | undefined;
}

/** One file on its way in. The first failure ends everything: the signal fires, and the body fails. */
export class RawReception {
  readonly #incoming: IncomingBody;
  readonly #body: UploadBody;
  readonly #contentType: string | undefined;
  readonly #declaredBytes: number | undefined;
  readonly #maxBytes: number;
  readonly #abort = new AbortController();
  #bytes = 0;
  #failure: Error | undefined;

  /** @throws UploadError where the headers tell that this is no file, or too large a one. */
  constructor(request: IncomingMessage, { idleTimeoutMs, maxBytes = Infinity }: RawReceptionOptions) {
    refuseWhatIsNoFile(request.headers);
    this.#contentType = contentTypeOf(request.headers);
    this.#declaredBytes = declaredBytes(request);
    this.#maxBytes = maxBytes;
    if ((this.#declaredBytes ?? 0) > maxBytes) throw tooLarge(maxBytes);
    this.#body = this.#newBody();
    this.#incoming = new IncomingBody(request, idleTimeoutMs, {
      onChunk: (chunk) => {
        this.#onChunk(chunk);
      },
      onEnd: () => {
        this.#onEnd();
      },
      onFailure: (error) => {
        this.#fail(error);
      },
    });
  }

  /** @returns what the sink has made of the file, which was whole. */
  async completed<T>(sink: RawSink<T>): Promise<T> {
    const file = {
      body: this.#body,
      maxBytes: this.#declaredBytes,
      contentType: this.#contentType,
      signal: this.#abort.signal,
    };
    try {
      return await sink(file);
    } catch (error) {
      throw this.#failure ?? error; // a sink only says that its body failed, or that its signal fired
    } finally {
      this.#incoming.stop();
      this.#body.destroy();
    }
  }

  #newBody(): UploadBody {
    const body = new UploadBody(() => {
      this.#incoming.start();
    });
    // One that nobody reads from yet may fail without taking the process down: its reader is told by the signal.
    body.on('error', () => undefined);
    body.on('drain', () => {
      this.#incoming.resume();
    });
    body.once('close', () => {
      this.#incoming.stop();
    });
    return body;
  }

  #onChunk(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) this.#fail(tooLarge(this.#maxBytes));
    else if (!this.#body.write(chunk)) this.#incoming.pause();
  }

  #onEnd(): void {
    this.#incoming.stop();
    this.#body.release();
    this.#body.end();
  }

  #fail(error: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#abort.abort(error);
    this.#body.destroy(error);
  }
}

function tooLarge(maxBytes: number): UploadError {
  return new UploadError('FileTooLarge', `The file may have at most ${String(maxBytes)} bytes.`);
}
