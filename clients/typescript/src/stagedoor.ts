import type { components, operations } from './api.js';
import { authorizationOf, type Credentials } from './credentials.js';
import { fileUrl, stageUrl } from './file-url.js';
import { newIdempotencyKey } from './idempotency-key.js';
import { sendWithRetries } from './retries.js';
import type { ProgressListener, Transfer } from './transfer.js';

export type { Credentials } from './credentials.js';
export { StagedoorError } from './stagedoor-error.js';
export type { ProgressListener } from './transfer.js';

export type StageFile = components['schemas']['File'];
export type FilePage = components['schemas']['Files'];
export type PresignRequest = components['schemas']['PresignRequest'];
export type PresignedUrl = components['schemas']['PresignedUrl'];
type ListQuery = NonNullable<operations['listFiles']['parameters']['query']>;
type Overwrite = components['parameters']['OverwriteHeader'];

export interface StagedoorOptions {
  /** The address of the server, as in `https://stages.example`. */
  readonly url: string;
  readonly credentials?: Credentials;
  /** How often a request is sent at most; 5 unless given. */
  readonly attempts?: number;
}

export interface Cancellable {
  readonly signal?: AbortSignal;
}

export interface UploadOptions extends Cancellable {
  /** Kept for downloads; the blob's own type unless given. */
  readonly contentType?: string;
  /** What becomes of a file that has the name already. */
  readonly overwrite?: Overwrite;
  /** `*` never replaces a file. */
  readonly ifNoneMatch?: string;
  /** An ETag: replaces only that file. */
  readonly ifMatch?: string;
  /** Makes it safe to send the upload again, also by another process; a new one unless given. */
  readonly idempotencyKey?: string;
  readonly onProgress?: ProgressListener;
}

export interface ListOptions extends Cancellable, Omit<ListQuery, 'cursor'> {}

export interface DownloadOptions extends Cancellable {
  /** As in `bytes=0-99`. */
  readonly range?: string;
}

const DEFAULT_ATTEMPTS = 5;

/** A client of one server. */
export class Stagedoor {
  readonly #url: string;
  readonly #authorization: Readonly<Record<string, string>>;
  readonly #attempts: number;

  constructor({ url, credentials, attempts = DEFAULT_ATTEMPTS }: StagedoorOptions) {
    this.#url = url.replace(/\/$/, '');
    this.#authorization = credentials === undefined ? {} : { authorization: authorizationOf(credentials) };
    this.#attempts = attempts;
  }

  /**
   * Uploads a file. It is sent again where its answer is lost, under one Idempotency-Key, so that it is stored once. In
   * Node, `openAsBlob` of `node:fs` makes a blob of a file without reading it into memory.
   */
  async upload(
    stage: string,
    path: string,
    body: Blob | Uint8Array<ArrayBuffer> | string,
    options: UploadOptions = {},
  ): Promise<StageFile> {
    const blob = body instanceof Blob ? body : new Blob([body]);
    const { contentType = blob.type, signal, onProgress } = options;
    const headers = {
      'content-type': contentType === '' ? 'application/octet-stream' : contentType,
      'idempotency-key': options.idempotencyKey ?? newIdempotencyKey(),
      ...(options.overwrite === undefined ? {} : { 'x-stagedoor-overwrite': options.overwrite }),
      ...(options.ifNoneMatch === undefined ? {} : { 'if-none-match': options.ifNoneMatch }),
      ...(options.ifMatch === undefined ? {} : { 'if-match': options.ifMatch }),
    };
    const url = fileUrl(this.#url, stage, path);
    const answer = await this.#send({ method: 'PUT', url, headers, body: blob, signal, onProgress });
    return (await answer.json()) as StageFile; // by the document
  }

  /** Lists files one by one, page after page, as they are asked for. */
  async *list(stage: string, options: ListOptions = {}): AsyncGenerator<StageFile, void, undefined> {
    for await (const { files } of this.pages(stage, options)) yield* files;
  }

  /** Lists files in pages. A page also names directories that the server cannot read. */
  async *pages(
    stage: string,
    { signal, ...query }: ListOptions = {},
  ): AsyncGenerator<FilePage, void, undefined> {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) parameters.set(name, String(value));
    for (;;) {
      const url = `${stageUrl(this.#url, stage)}/files?${parameters.toString()}`;
      const answer = await this.#send({ method: 'GET', url, headers: {}, signal });
      const page = (await answer.json()) as FilePage; // by the document
      yield page;
      if (page.next_cursor === null) return;
      parameters.set('cursor', page.next_cursor);
    }
  }

  /** Downloads a file. The body of the answer is a stream. */
  async download(stage: string, path: string, { range, signal }: DownloadOptions = {}): Promise<Response> {
    const headers = range === undefined ? {} : { range };
    return this.#send({ method: 'GET', url: fileUrl(this.#url, stage, path), headers, signal });
  }

  /** Removes a file. */
  async remove(stage: string, path: string, { signal }: Cancellable = {}): Promise<void> {
    // Not again: where an answer is lost, a second one would say that there is no such file.
    const transfer = { method: 'DELETE', url: fileUrl(this.#url, stage, path), headers: {}, signal };
    await this.#send(transfer, 1);
  }

  /** Makes a URL with which somebody can upload or download a file without credentials. */
  async presign(stage: string, request: PresignRequest, { signal }: Cancellable = {}): Promise<PresignedUrl> {
    const answer = await this.#send({
      method: 'POST',
      url: `${stageUrl(this.#url, stage)}/presign`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
      signal,
    });
    return (await answer.json()) as PresignedUrl; // by the document
  }

  async #send(transfer: Transfer, attempts = this.#attempts): Promise<Response> {
    const headers = { ...this.#authorization, ...transfer.headers };
    return sendWithRetries({ ...transfer, headers }, attempts);
  }
}
