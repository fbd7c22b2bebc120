import type { IncomingMessage } from 'node:http';
import { IdleTimer } from './idle-timer.js';
import { LowestRate } from './lowest-rate.js';
import type { AppError } from '../../common/app-error.js';
import { onFault } from '../../http/request/request-fault.js';
import { UploadError } from '../upload-error.js';
import type { UploadBuffers } from '../admission/upload-buffers.js';

/** Shorter chunks mean that the socket has no more data. */
const LONG_CHUNK_BYTES = 32 * 1024;

/** Events of a request body. */
export interface BodyListener {
  readonly onChunk: (chunk: Buffer) => void;
  /** All bytes of the request have arrived. */
  readonly onEnd: () => void;
  /** The client has disconnected, is idle or too slow, or the server is shutting down. */
  readonly onFailure: (error: AppError) => void;
  /** Called after an idle timeout in which no bytes were requested: reading is paused, or the body is complete. */
  readonly onIdleWithoutRead?: () => void;
}

/** Limits and resources of a body. */
export interface IncomingBodyLimits {
  readonly idleTimeoutMs: number;
  /** Zero means no limit. */
  readonly minBytesPerSecond: number;
  readonly rateWindowMs: number;
  readonly memory: UploadBuffers;
  /** Aborts when the server shuts down. */
  readonly signal: AbortSignal;
}

/**
 * Delivers a request body chunk by chunk, and detects disconnected and idle clients. It is not a stream of a pipeline:
 * a pipeline that fails would destroy the connection, and the answer with it.
 */
export class IncomingBody {
  readonly #request: IncomingMessage;
  readonly #listener: BodyListener;
  readonly #limits: IncomingBodyLimits;
  #idle: IdleTimer | undefined;
  #rate: LowestRate | undefined;
  #isPausedByReader = false;
  #waitsForMemory = false;
  #isYielding = false;
  #isStopped = false;
  #removeFaultListener: () => void = () => undefined;

  constructor(request: IncomingMessage, limits: IncomingBodyLimits, listener: BodyListener) {
    this.#request = request;
    this.#limits = limits;
    this.#listener = listener;
    request.once('close', this.#onClose);
    limits.signal.addEventListener('abort', this.#onAbort);
  }

  /** Starts reading; a client that waits for 100 Continue gets it. */
  start(): void {
    if (this.#request.destroyed) {
      this.#listener.onFailure(clientGone()); // disconnected before anybody listened
      return;
    }
    if (this.#limits.signal.aborted) {
      this.#onAbort();
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
    this.#removeFaultListener = onFault(this.#request, (fault) => {
      // The body will not end, or must not be stored.
      if (fault.kind === 'BrokenBody' || fault.kind === 'OutMeanwhile') this.#listener.onFailure(fault);
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

  /** Stops listening and all timers. The code that answers the request discards further bytes. */
  stop(): void {
    this.#isStopped = true;
    this.#removeFaultListener();
    this.#idle?.stop();
    this.#rate?.stop();
    this.#limits.signal.removeEventListener('abort', this.#onAbort);
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
    if (chunk.length >= LONG_CHUNK_BYTES && this.#limits.memory.isCrowded) this.#yieldToOthers();
    this.#listener.onChunk(chunk);
  };

  readonly #onEnd = (): void => {
    this.#rate?.stop();
    this.#limits.memory.end();
    this.#listener.onEnd();
  };

  readonly #onAbort = (): void => {
    this.#listener.onFailure(
      new UploadError('ShuttingDown', 'The server has ended before the upload was whole: send it again.'),
    );
  };

  /** Lets other sockets be read: Node reads up to two megabytes from one socket before it turns to the next. */
  #yieldToOthers(): void {
    if (this.#isYielding) return;
    this.#isYielding = true;
    this.#request.pause();
    setImmediate(() => {
      this.#isYielding = false;
      this.#resumeIfFree();
    });
  }

  #resumeIfFree(): void {
    if (this.#isPausedByReader || this.#waitsForMemory || this.#isYielding || this.#isStopped) return;
    this.#request.resume();
    this.#rate?.resume();
  }

  #onIdle(): void {
    if (this.#request.isPaused() || this.#request.readableEnded) {
      this.#idle?.restart(); // the store is slow, not the client
      this.#listener.onIdleWithoutRead?.();
      return;
    }
    const message = 'No data has come for too long: the upload was given up. Send it again.';
    this.#listener.onFailure(new UploadError('IdleTimeout', message));
  }
}

/** Returns the declared length of a request's body, if any. */
export function declaredBytes(request: IncomingMessage): number | undefined {
  const length = Number(request.headers['content-length']);
  return Number.isFinite(length) ? length : undefined;
}

function clientGone(): UploadError {
  return new UploadError('ClientGone', 'The client left before its upload was whole.');
}

function tooSlow({ minBytesPerSecond, rateWindowMs }: IncomingBodyLimits): UploadError {
  return new UploadError(
    'TooSlow',
    `Fewer than ${String(minBytesPerSecond)} bytes a second have come for ${String(rateWindowMs / 1000)} seconds: ` +
      'the upload was given up. Send it again over a faster connection.',
  );
}
