import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { loggedError } from '../../common/telemetry/logged-error.js';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import { OrphanRemover } from './orphan-remover.js';
import { Heartbeat } from '../servers/heartbeat.js';
import { UploadRecords } from '../records/upload-records.js';

/**
 * Maximum delay of a start, and of the next sweep, by a store that does not answer. Removals continue in the
 * background.
 */
const PATIENCE_MS = 5_000;
/** Minimum delay before a retry: an immediate one would fail again. */
const SOON_MS = 1_000;

/** @param running ids of the servers that run. */
type SweepListener = (running: ReadonlySet<string>) => Promise<void>;

/**
 * Keeps the records of uploads up to date, at the start and periodically: ends, removes and deletes what no running
 * server will.
 */
@Injectable()
export class OrphanSweeper implements OnApplicationBootstrap {
  readonly #logger = new Logger('Orphans');
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> | undefined;
  /** Whether there are changes that the running sweep has not seen. */
  #isPending = false;
  #isClosed = false;
  readonly #listeners: SweepListener[] = [];

  constructor(
    private readonly remover: OrphanRemover,
    private readonly heartbeat: Heartbeat,
    private readonly records: UploadRecords,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {
    records.puts.onAbandoned(() => {
      this.#isPending = true;
      if (this.#sweeping === undefined) this.#sweepIn(this.#nextMs);
    });
  }

  /** Runs before uploads are accepted, so that a start removes everything that an earlier crash left. */
  async onApplicationBootstrap(): Promise<void> {
    await this.heartbeat.start();
    await this.#sweepNow();
  }

  /** Called when all uploads have ended. Another server or the next start removes the remaining orphans. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#sweeping;
    await this.remover.close();
    await this.heartbeat.stop();
  }

  /** Calls the listener in each sweep. It must not reject. */
  onSweep(listener: SweepListener): void {
    this.#listeners.push(listener);
  }

  get #intervalMs(): number {
    return this.config.leftoverSweepSeconds * 1000;
  }

  get #nextMs(): number {
    return this.#isPending ? Math.min(SOON_MS, this.#intervalMs) : this.#intervalMs;
  }

  #sweepIn(milliseconds: number): void {
    clearTimeout(this.#timer);
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => void this.#sweepNow(), milliseconds);
    this.#timer.unref();
  }

  /** Never rejects: the next sweep retries failures. */
  #sweepNow(): Promise<void> {
    this.#sweeping ??= this.#sweep()
      .catch((error: unknown) => {
        this.#logger.warn({ msg: 'leftovers of uploads were not looked for', error: loggedError(error) });
      })
      .finally(() => {
        this.#sweeping = undefined;
        this.#sweepIn(this.#nextMs);
      });
    return this.#sweeping;
  }

  async #sweep(): Promise<void> {
    const { statuses } = this.records;
    this.#isPending = false;
    await this.records.writeUnwritten();
    const running = await this.heartbeat.running();
    await statuses.endUploadsOfStopped(running);
    await statuses.forgetBefore(new Date(Date.now() - this.config.upload.recordHours * 3_600_000));
    const work = [this.remover.removeAll(running), ...this.#listeners.map((listener) => listener(running))];
    await Promise.race([Promise.all(work), delay(PATIENCE_MS, undefined, { ref: false })]);
  }
}
