import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { RateLimiter, rateRefusalText, type RateRefusal } from '../../access/rates/rate-limiter.js';
import type { ErrorContext } from '../../common/app-error.js';
import { ShutdownState } from '../../common/shutdown-state.js';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import { UploadJournal } from '../../journal/records/upload-journal.js';
import type { CounterFamily } from '../../metrics/families.js';
import { Metrics } from '../../metrics/metrics.js';
import { UploadError, type UploadErrorKind } from '../upload-error.js';
import { BufferBudget } from './buffer-budget.js';
import type { UploadBuffers } from './upload-buffers.js';

/** Time that aborted uploads get to clean up during shutdown. */
const CLEANUP_MS = 15_000;
const POLL_INTERVAL_MS = 50;

/** Why an upload is not admitted. */
const REFUSALS = [
  'Busy',
  'TooManyUploads',
  'ShuttingDown',
  'ClientGone',
] as const satisfies UploadErrorKind[];
type Refusal = (typeof REFUSALS)[number];

const BUSY = 'So much is being uploaded that there is no room for another file: send it again in a moment.';
const STOPPING = 'The server is about to end: send the file again in a moment.';

/** Resources of an admitted upload. */
export interface UploadSlot {
  readonly memory: UploadBuffers;
  /** Aborts when the server cannot wait any longer. */
  readonly signal: AbortSignal;
}

/** Controls the admission of uploads by memory, the user's share and the server's shutdown. */
@Injectable()
export class UploadAdmission implements BeforeApplicationShutdown {
  readonly #budget: BufferBudget;
  readonly #running = new Set<Promise<unknown>>();
  readonly #cutOff = new AbortController();
  readonly #refused: CounterFamily;
  readonly #rates: RateLimiter;
  #waiting = 0;

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly shutdown: ShutdownState,
    private readonly journal: UploadJournal,
    metrics: Metrics,
  ) {
    this.#budget = new BufferBudget(config.upload.bufferBytes);
    this.#rates = new RateLimiter(config.rates.uploads);
    setMaxListeners(0, this.#cutOff.signal); // every upload listens
    metrics.addGauge('stagedoor_uploads_running', 'Uploads that go on', () => this.#running.size);
    const help = 'Bytes of uploads that have come and are not yet stored';
    metrics.addGauge('stagedoor_upload_buffered_bytes', help, () => this.#budget.heldBytes);
    const idleHelp = 'Bytes of idle part buffers';
    metrics.addGauge('stagedoor_upload_idle_buffer_bytes', idleHelp, () => this.#budget.idleBytes);
    const limit = config.upload.bufferBytes;
    metrics.addGauge('stagedoor_upload_buffer_limit_bytes', 'UPLOAD_BUFFER_MIB in bytes', () => limit);
    metrics.addGauge('stagedoor_uploads_waiting', 'Uploads that wait for memory', () => this.#waiting);
    const reasons = { reason: REFUSALS };
    const refusedHelp = 'Uploads that were not admitted, so that nothing of them was read';
    this.#refused = metrics.counters('stagedoor_uploads_refused_total', refusedHelp, reasons);
  }

  /**
   * Runs an upload when there is room for it.
   *
   * @param hasLeft tells whether the client has disconnected.
   * @throws UploadError before anything of the upload is read.
   */
  async admit<T>(
    principal: Principal,
    hasLeft: () => boolean,
    upload: (admission: UploadSlot) => Promise<T>,
  ): Promise<T> {
    this.#assertNotStopping();
    const limited = this.#rates.enter(principal);
    if (limited !== undefined) throw this.#limitRefusal(limited);
    try {
      await this.#waitForRoom(hasLeft);
      this.#assertNotStopping();
      return await this.#run(upload);
    } finally {
      this.#rates.leave(principal);
    }
  }

  /** Waits for running uploads, and aborts those that exceed the grace period. Never rejects. */
  async finish(graceMs: number): Promise<void> {
    await this.#settled(graceMs);
    this.abortRunning();
    await this.#settled(CLEANUP_MS);
  }

  /** Aborts all running uploads; each cleans up after itself. */
  abortRunning(): void {
    this.#cutOff.abort();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.shutdown.begin();
    await this.finish(0);
    await this.journal.close();
  }

  async #run<T>(upload: (admission: UploadSlot) => Promise<T>): Promise<T> {
    const memory = this.#budget.open();
    const running = upload({ memory, signal: this.#cutOff.signal });
    const ended = running
      .catch(() => undefined)
      .finally(() => {
        memory.close();
        this.#running.delete(ended);
      });
    this.#running.add(ended);
    return running;
  }

  async #waitForRoom(hasLeft: () => boolean): Promise<void> {
    const deadline = performance.now() + this.config.upload.queueSeconds * 1000;
    this.#waiting++;
    try {
      while (this.#budget.isFull) {
        if (hasLeft()) throw this.#refusal('ClientGone', 'The client left before its upload began.');
        if (performance.now() >= deadline) throw this.#refusal('Busy', BUSY);
        await delay(POLL_INTERVAL_MS);
        this.#assertNotStopping();
      }
    } finally {
      this.#waiting--;
    }
  }

  #assertNotStopping(): void {
    if (this.shutdown.isStopping) throw this.#refusal('ShuttingDown', STOPPING);
  }

  #limitRefusal(limited: RateRefusal): UploadError {
    const { whose, by, limit, retryAfterSeconds } = limited;
    if (whose === 'user' && by === 'at_once') return this.#refusal('TooManyUploads', tooMany(limit));
    return this.#refusal('TooManyUploads', rateRefusalText(limited, 'uploads'), { retryAfterSeconds });
  }

  #refusal(kind: Refusal, message: string, context: ErrorContext = {}): UploadError {
    this.#refused.child(kind).inc();
    return new UploadError(kind, message, { context });
  }

  async #settled(milliseconds: number): Promise<void> {
    const timer = new AbortController();
    const timeout = delay(milliseconds, undefined, { ref: false, signal: timer.signal }).catch(
      () => undefined,
    );
    await Promise.race([Promise.all(this.#running), timeout]);
    timer.abort();
  }
}

function tooMany(count: number): string {
  return `You have ${String(count)} uploads running, and may not have more: wait until one has ended.`;
}
