import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { loggedError } from '../../common/telemetry/logged-error.js';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import { DatabaseError } from '../../database/database-error.js';
import { SqlDatabase } from '../../database/sql-database.js';
import type { CounterFamily } from '../../metrics/families.js';
import { Metrics } from '../../metrics/metrics.js';
import { AUDIT_ACTIONS, AUDIT_OUTCOMES } from '../events/audit-action.js';
import type { AuditEvent } from '../events/audit-event.js';
import { AuditStatement } from '../events/audit-statement.js';
import { loggedEvent } from './logged-event.js';
import { countOf, PendingEvents, type PendingEvent } from './pending-events.js';

/** The longest time that an event waits, while the database can be written. */
const FLUSH_MS = 1000;
/** Events of one write. As soon as so many wait, they are written. */
const BATCH = 200;
/** A shutdown waits so long for a database that is away. */
const LAST_WRITE_MS = 2000;

/** Why events are lost: too many wait, the database refuses them, the server ends. */
const LOSSES = ['full', 'refused', 'shutdown'] as const;
type Loss = (typeof LOSSES)[number];

/**
 * Writes events that no change is committed with: reads, denials, failures and sign-ins. They wait in memory for a second at most, so
 * that none of them costs a commit. Tells the metrics and the log of all events that are written, those of changes included.
 */
@Injectable()
export class AuditTrail implements OnApplicationShutdown {
  readonly #logger = new Logger('Audit');
  readonly #pending = new PendingEvents();
  readonly #written: CounterFamily;
  readonly #lost: CounterFamily;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #flushing: Promise<void> | undefined;
  /** Whether the last write has failed: the next one has to wait. */
  #isAway = false;
  /** Whether the log has a line about the losses that go on. */
  #isLosing = false;

  constructor(
    private readonly database: SqlDatabase,
    metrics: Metrics,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {
    const about = [...new Set(AUDIT_ACTIONS.map(kindOf))];
    const help = 'Events of the audit that are written, by the kind of object and the outcome';
    this.#written = metrics.counters('stagedoor_audit_events_total', help, {
      about,
      outcome: AUDIT_OUTCOMES,
    });
    const lost = 'Reads, denials, failures and sign-ins whose events are lost, by the reason';
    this.#lost = metrics.counters('stagedoor_audit_events_lost_total', lost, { reason: LOSSES });
    metrics.addGauge(
      'stagedoor_audit_events_waiting',
      'Events that wait to be written',
      () => this.#pending.size,
    );
    database.onCommit((statements, changes) => {
      for (let i = 0; i < statements.length; i++) {
        const statement = statements[i];
        if (statement instanceof AuditStatement && changes[i] !== 0) this.#tell(statement);
      }
    });
  }

  /** Never throws, and never waits. */
  record(event: AuditEvent): void {
    if (!this.#pending.add(event)) this.#lose('full', 1);
    if (this.#pending.size >= BATCH && !this.#isAway) this.#flushNow();
    else this.#flushSoon();
  }

  /** Writes what waits, after what is being written. Resolves when it is written, or has to wait on. */
  async flush(timeoutMs?: number): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const flushing = (this.#flushing ?? Promise.resolve()).then(() => this.#writeAll(timeoutMs));
    this.#flushing = flushing;
    await flushing;
    if (this.#flushing === flushing) this.#flushing = undefined;
    if (this.#pending.size > 0) this.#flushSoon();
  }

  async onApplicationShutdown(): Promise<void> {
    clearImmediate(this.#immediate);
    await this.flush(LAST_WRITE_MS);
    clearTimeout(this.#timer);
    const left = this.#pending.take(Infinity);
    if (left.length > 0) this.#lose('shutdown', countOf(left));
  }

  #flushSoon(): void {
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }

  /** At the end of this turn of the event loop: a timer that each event sets anew would never end. */
  #flushNow(): void {
    if (this.#flushing !== undefined) return;
    this.#immediate ??= setImmediate(() => {
      this.#immediate = undefined;
      void this.flush();
    });
  }

  async #writeAll(timeoutMs: number | undefined): Promise<void> {
    while (this.#pending.size > 0) {
      const batch = this.#pending.take(BATCH);
      if (!(await this.#writeBatch(batch, timeoutMs))) return;
    }
    this.#isLosing = false;
  }

  /** @returns false if the batch waits on. */
  async #writeBatch(batch: readonly PendingEvent[], timeoutMs: number | undefined): Promise<boolean> {
    try {
      await this.database.write(batch.map(statementOf), timeoutMs);
      this.#isAway = false;
      return true;
    } catch (error) {
      if (error instanceof DatabaseError && error.kind !== 'Unstorable') {
        this.#isAway = true;
        const lost = this.#pending.putBack(batch);
        if (lost > 0) this.#lose('full', lost);
        return false;
      }
      this.#lose('refused', countOf(batch), error);
      return true;
    }
  }

  #lose(reason: Loss, count: number, error?: unknown): void {
    this.#lost.child(reason).inc(count);
    if (this.#isLosing && reason === 'full') return; // the counter goes on
    this.#isLosing = true;
    const msg = 'events of the audit are lost: reads, denials, failures or sign-ins';
    this.#logger.error({ msg, reason, count, ...(error === undefined ? {} : { error: loggedError(error) }) });
  }

  #tell({ id, event }: AuditStatement): void {
    this.#written.child(kindOf(event.action), event.outcome).inc();
    if (this.config.audit.isLogged) this.#logger.log({ msg: 'audit', audit: loggedEvent(id, event) });
  }
}

function statementOf({ id, event, count, bytes }: PendingEvent): AuditStatement {
  return new AuditStatement(count === (event.count ?? 1) ? event : { ...event, count, bytes }, id);
}

/** `file.put` is about a file. */
function kindOf(action: string): string {
  return action.slice(0, action.indexOf('.'));
}
