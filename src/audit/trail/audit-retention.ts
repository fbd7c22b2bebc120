import { setTimeout as delay } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { loggedError } from '../../common/telemetry/logged-error.js';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import { SqlDatabase } from '../../database/sql-database.js';
import { sql } from '../../database/sql.js';
import { firstIdAt } from '../events/event-id.js';

const INTERVAL_MS = 600_000;
const DAY_MS = 86_400_000;
/** Events of one write: a file of SQLite has one writer, and others wait meanwhile. */
const BATCH = 500;
const PAUSE_MS = 20;

const REMOVE = sql(
  'DELETE FROM audit_events WHERE id IN (SELECT id FROM audit_events WHERE id < ? ORDER BY id LIMIT ?)',
);

/** Removes events that are older than AUDIT_RETENTION_DAYS, a few at a time. Several servers may do so at once. */
@Injectable()
export class AuditRetention implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger('Audit');
  readonly #end = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #removing: Promise<void> | undefined;

  constructor(
    private readonly database: SqlDatabase,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** Servers that start together do not remove together. */
  onApplicationBootstrap(): void {
    this.#removeIn(INTERVAL_MS * Math.random());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#end.abort();
    clearTimeout(this.#timer);
    await this.#removing;
  }

  /** @returns how many events were removed. @throws DatabaseError */
  async removeOld(now = Date.now()): Promise<number> {
    const end = firstIdAt(now - this.config.audit.retentionDays * DAY_MS);
    for (let removed = 0; ;) {
      const [count = 0] = await this.database.write([REMOVE.with(end, BATCH)]);
      removed += count;
      if (count < BATCH || this.#end.signal.aborted) return removed;
      await delay(PAUSE_MS);
    }
  }

  #removeIn(milliseconds: number): void {
    this.#timer = setTimeout(() => {
      this.#removing = this.#remove();
    }, milliseconds).unref();
  }

  async #remove(): Promise<void> {
    try {
      await this.removeOld();
    } catch (error) {
      this.#logger.warn({ msg: 'old events of the audit were not removed', error: loggedError(error) });
    }
    if (!this.#end.signal.aborted) this.#removeIn(INTERVAL_MS);
  }
}
