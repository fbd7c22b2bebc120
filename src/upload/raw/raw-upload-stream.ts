import type { IncomingMessage } from 'node:http';
import type { DeclaredContent, IncomingFile } from '../files/file-upload.js';
import { declaredContent, unlessFaulty } from '../headers/declared-content.js';
import { declaredBytes, IncomingBody, type IncomingBodyLimits } from '../body/incoming-body.js';
import { contentTypeFrom } from '../headers/content-type.js';
import { assertFileBody } from './raw-body-headers.js';
import { fileTooLarge, UploadBody } from '../body/upload-body.js';

/**
 * Consumes a file that is the whole body of a request. No byte is requested from the client before the file is read,
 * and the body ends only if the request is complete; the signal aborts when it cannot be any more.
 */
export type RawFileConsumer<T> = (file: IncomingFile) => Promise<T>;

export interface RawUploadOptions extends IncomingBodyLimits {
  readonly maxFileBytes: number;
}

/** Receives one file. The first failure ends everything: the signal aborts, and the body fails. */
export class RawUploadStream {
  readonly #incoming: IncomingBody;
  readonly #body: UploadBody;
  readonly #contentType: string | undefined;
  readonly #declaredBytes: number | undefined;
  readonly #declared: DeclaredContent;
  readonly #options: RawUploadOptions;
  readonly #abort = new AbortController();
  #isWanted = false;
  #failure: Error | undefined;

  /** @throws UploadError if the headers declare no file, or a file that is too large. */
  constructor(request: IncomingMessage, options: RawUploadOptions) {
    assertFileBody(request.headers);
    this.#contentType = contentTypeFrom(request.headers['content-type']);
    const { headersDistinct } = request;
    this.#declared = unlessFaulty(
      request,
      declaredContent(Object.keys(headersDistinct), (name) => headersDistinct[name] ?? []),
    );
    this.#declaredBytes = declaredBytes(request);
    this.#options = options;
    if ((this.#declaredBytes ?? 0) > options.maxFileBytes) throw fileTooLarge(options.maxFileBytes);
    this.#body = this.#newBody();
    this.#incoming = new IncomingBody(request, options, {
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

  /** @returns the result of the consumer for a complete file. */
  async completed<T>(consume: RawFileConsumer<T>): Promise<T> {
    const file = {
      body: this.#body,
      maxBytes: this.#declaredBytes,
      exactBytes: this.#declaredBytes,
      watchBytes: (listener: (received: number) => void) => {
        this.#body.onGrowth(listener);
      },
      contentType: this.#contentType,
      declared: this.#declared,
      memory: this.#options.memory,
      signal: this.#abort.signal,
      discard: () => Promise.resolve(),
    };
    try {
      return await consume(file);
    } catch (error) {
      throw this.#failure ?? this.#body.tooLarge ?? error; // the consumer's error only repeats that its body failed or its signal aborted
    } finally {
      this.#incoming.stop();
      this.#body.destroy();
    }
  }

  #newBody(): UploadBody {
    const body = new UploadBody(this.#options.maxFileBytes, () => {
      this.#onWanted();
    });
    body.on('error', () => {
      if (body.tooLarge !== undefined) this.#fail(body.tooLarge);
    });
    body.once('close', () => {
      this.#incoming.stop();
    });
    return body;
  }

  #onWanted(): void {
    if (this.#isWanted) this.#incoming.resume();
    else this.#incoming.start();
    this.#isWanted = true;
  }

  #onChunk(chunk: Buffer): void {
    if (!this.#body.add(chunk)) this.#incoming.pause();
  }

  #onEnd(): void {
    this.#incoming.stop();
    this.#body.release();
    this.#body.complete();
  }

  #fail(error: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#abort.abort(error);
    this.#body.destroy(error);
  }
}
