import type { IncomingMessage } from 'node:http';
import { IdleTimer } from './idle-timer.js';
import { UploadError } from './upload-error.js';

/** What happens to a body on its way in. */
export interface BodyListener {
  readonly onChunk: (chunk: Buffer) => void;
  /** Every byte has come that the request has announced. */
  readonly onEnd: () => void;
  /** The sender has left, or has fallen silent. */
  readonly onFailure: (error: UploadError) => void;
}

/**
 * The body of a request, chunk by chunk, which says where its sender leaves or falls silent. It is no stream of a
 * pipeline: one that fails would take the connection down, and the answer with it.
 */
export class IncomingBody {
  readonly #request: IncomingMessage;
  readonly #listener: BodyListener;
  readonly #idleTimeoutMs: number;
  #idle: IdleTimer | undefined;

  constructor(request: IncomingMessage, idleTimeoutMs: number, listener: BodyListener) {
    this.#request = request;
    this.#idleTimeoutMs = idleTimeoutMs;
    this.#listener = listener;
    request.once('close', () => {
      if (!request.readableEnded) listener.onFailure(clientGone());
    });
  }

  /** Asks for the bytes; a client that waits for 100 Continue is told to send them. */
  start(): void {
    if (this.#request.destroyed) {
      this.#listener.onFailure(clientGone()); // before anybody has listened
      return;
    }
    this.#idle = new IdleTimer(this.#idleTimeoutMs, () => {
      this.#onIdle();
    });
    this.#request.on('data', this.#onChunk);
    this.#request.once('end', this.#listener.onEnd);
  }

  pause(): void {
    this.#request.pause();
  }

  resume(): void {
    this.#request.resume();
  }

  /** Nobody listens any more, for silence neither. What still comes is for who answers the request to throw away. */
  stop(): void {
    this.#idle?.stop();
    this.#request.off('data', this.#onChunk);
    this.#request.pause();
  }

  readonly #onChunk = (chunk: Buffer): void => {
    this.#idle?.restart();
    this.#listener.onChunk(chunk);
  };

  #onIdle(): void {
    if (this.#request.isPaused()) {
      this.#idle?.restart(); // it is the store that is slow, not the client
      return;
    }
    const message = 'No data has come for too long: the upload was given up. Send it again.';
    this.#listener.onFailure(new UploadError('IdleTimeout', message));
  }
}

/** How many bytes a request's body has, where the request has said so. */
export function declaredBytes(request: IncomingMessage): number | undefined {
  const length = Number(request.headers['content-length']);
  return Number.isFinite(length) ? length : undefined;
}

function clientGone(): UploadError {
  return new UploadError('ClientGone', 'The client left before its upload was whole.');
}
