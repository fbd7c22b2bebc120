import type { IncomingMessage } from 'node:http';
import { IdleTimer } from './idle-timer.js';
import { LowestRate } from './lowest-rate.js';
import type { RequestError } from '../../http/request/request-error.js';
import { onFault } from '../../http/request/request-fault.js';
import { UploadError } from '../upload-error.js';
import type { UploadBuffers } from '../admission/upload-buffers.js';

/** Where less has come at once the socket has no more. */
const LONG_CHUNK_BYTES = 32 * 1024;

/** What happens to a body on its way in. */
export interface BodyListener {
  readonly onChunk: (chunk: Buffer) => void;
  /** Every byte has come that the request has announced. */
  readonly onEnd: () => void;
  /** The sender has left, has fallen silent or is too slow, or the server cannot wait any longer. */
  readonly onFailure: (error: UploadError | RequestError) => void;
  /** For as long as a sender may be silent it was asked for nothing: its bytes are not taken, or have all come. */
  readonly onNothingAsked?: () => void;
}

/** How long a body may take, and what it may use. */
export interface BodyLimits {
  readonly idleTimeoutMs: number;
  /** Zero bounds nothing. */
  readonly minBytesPerSecond: number;
  readonly rateWindowMs: number;
  readonly memory: UploadBuffers;
  /** Fires when the server ends. */
  readonly signal: AbortSignal;
}

/**
 * The body of a request, chunk by chunk, which says where its sender leaves or falls silent. It is no stream of a
 * pipeline: one that fails would take the connection down, and the answer with it.
 */
export class IncomingBody {
  readonly #request: IncomingMessage;
  readonly #listener: BodyListener;
  readonly #limits: BodyLimits;
  #idle: IdleTimer | undefined;
  #rate: LowestRate | undefined;
  #isPausedByReader = false;
  #waitsForMemory = false;
  #waitsForItsTurn = false;
  #isStopped = false;
  #leaveFaults: () => void = () => undefined;

  constructor(request: IncomingMessage, limits: BodyLimits, listener: BodyListener) {
    this.#request = request;
    this.#limits = limits;
    this.#listener = listener;
    request.once('close', this.#onClose);
    limits.signal.addEventListener('abort', this.#onCutOff);
  }

  /** Asks for the bytes; a client that waits for 100 Continue is told to send them. */
  start(): void {
    if (this.#request.destroyed) {
      this.#listener.onFailure(clientGone()); // before anybody has listened
      return;
    }
    if (this.#limits.signal.aborted) {
      this.#onCutOff();
      return;
    }
    this.#idle = new IdleTimer(this.#limits.idleTimeoutMs, () => {
      this.#onIdle();
    });
    this.#rate = new LowestRate(this.#limits, () => {
      this.#listener.onFailure(tooSlow(this.#limits));
    });
    this.#limits.memory.startReading(() => {
      this.#waitsForMemory = false;
      this.#resumeIfFree();
    });
    this.#request.on('data', this.#onChunk);
    this.#request.once('end', this.#onEnd);
    this.#leaveFaults = onFault(this.#request, (fault) => {
      if (fault.kind === 'BrokenBody') this.#listener.onFailure(fault); // it will not end
    });
  }

  pause(): void {
    this.#isPausedByReader = true;
    this.#request.pause();
    this.#rate?.pause();
  }

  resume(): void {
    this.#isPausedByReader = false;
    this.#resumeIfFree();
  }

  /** Nobody listens any more, for silence neither. What still comes is for who answers the request to throw away. */
  stop(): void {
    this.#isStopped = true;
    this.#leaveFaults();
    this.#idle?.stop();
    this.#rate?.stop();
    this.#limits.signal.removeEventListener('abort', this.#onCutOff);
    this.#request.off('data', this.#onChunk);
    this.#request.off('end', this.#onEnd);
    this.#request.off('close', this.#onClose);
    this.#request.pause();
  }

  readonly #onClose = (): void => {
    if (!this.#request.readableEnded) this.#listener.onFailure(clientGone());
  };

  readonly #onChunk = (chunk: Buffer): void => {
    this.#idle?.restart();
    this.#rate?.count(chunk.length);
    if (!this.#limits.memory.receive(chunk.length)) {
      this.#waitsForMemory = true;
      this.#request.pause();
      this.#rate?.pause();
    }
    if (chunk.length >= LONG_CHUNK_BYTES && this.#limits.memory.isCrowded) this.#giveWay();
    this.#listener.onChunk(chunk);
  };

  readonly #onEnd = (): void => {
    this.#rate?.stop();
    this.#limits.memory.end();
    this.#listener.onEnd();
  };

  readonly #onCutOff = (): void => {
    this.#listener.onFailure(
      new UploadError('ShuttingDown', 'The server has ended before the upload was whole: send it again.'),
    );
  };

  /** Node reads up to two megabytes of a socket that has them before it looks at the next one. */
  #giveWay(): void {
    if (this.#waitsForItsTurn) return;
    this.#waitsForItsTurn = true;
    this.#request.pause();
    setImmediate(() => {
      this.#waitsForItsTurn = false;
      this.#resumeIfFree();
    });
  }

  #resumeIfFree(): void {
    if (this.#isPausedByReader || this.#waitsForMemory || this.#waitsForItsTurn || this.#isStopped) return;
    this.#request.resume();
    this.#rate?.resume();
  }

  #onIdle(): void {
    if (this.#request.isPaused() || this.#request.readableEnded) {
      this.#idle?.restart(); // it is the store that is slow, not the client
      this.#listener.onNothingAsked?.();
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

function tooSlow({ minBytesPerSecond, rateWindowMs }: BodyLimits): UploadError {
  return new UploadError(
    'TooSlow',
    `Fewer than ${String(minBytesPerSecond)} bytes a second have come for ${String(rateWindowMs / 1000)} seconds: ` +
      'the upload was given up. Send it again over a faster connection.',
  );
}
