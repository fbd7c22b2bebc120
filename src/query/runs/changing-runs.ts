import { setTimeout } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { outMeanwhile, RunningWork } from '../../auth/running/running-work.js';
import { AppError } from '../../common/app-error.js';
import { loggedError } from '../../common/telemetry/logged-error.js';
import type { QueryFailure } from '../protocol/query-answer.js';
import { unknownQuery } from '../query-error.js';
import { StatementFailures } from '../statement-failures.js';
import { outcomeOf, type QueryOutcome } from './query-outcome.js';
import { queryName, type QueryKey } from './query-key.js';
import { QueryRecordRepository } from './query-record.repository.js';

/** Interval in which a run reports that it is alive, and checks whether another replica has killed it. */
const HEARTBEAT_INTERVAL_MS = 5000;
const POLL_INTERVAL_MS = 100;
/** Time that a shutdown waits before it aborts running statements. */
const GRACE_MS = 10_000;

/** The work of a query, and whose it is. */
export interface ChangingRun {
  readonly key: QueryKey;
  readonly principal: Principal;
  readonly work: (signal: AbortSignal) => Promise<unknown>;
}

/**
 * Runs statements that change something, once they are recorded. They run to their end even if the client disconnects, unless
 * their user is out meanwhile, and any replica can report their outcome.
 */
@Injectable()
export class ChangingRuns implements BeforeApplicationShutdown {
  readonly #logger = new Logger('Query');
  readonly #running = new Map<string, { readonly ended: Promise<void>; readonly abort: AbortController }>();

  constructor(
    private readonly repository: QueryRecordRepository,
    private readonly failures: StatementFailures,
    private readonly running: RunningWork,
  ) {}

  /** Starts the work of a query that `QueryRecords.begin` has recorded. */
  start(run: ChangingRun): void {
    const { key } = run;
    const abort = new AbortController();
    const unwatch = this.running.watch(run.principal, () => {
      abort.abort(outMeanwhile('What it has not changed yet stays.'));
    });
    const ended = this.#run(run, abort)
      .catch((error: unknown) => {
        // Without a record of its end, its outcome will be `Interrupted`.
        this.#logger.error({
          msg: 'the end of a statement could not be recorded',
          error: loggedError(error),
        });
      })
      .finally(() => {
        unwatch();
        this.#running.delete(queryName(key));
      });
    this.#running.set(queryName(key), { ended, abort });
  }

  /** Waits for the end of a query, at most `waitMs`. @throws QueryError of kind `UnknownQuery`. */
  async outcome(key: QueryKey, waitMs: number): Promise<QueryOutcome> {
    const end = performance.now() + waitMs;
    await this.#waitForLocalRun(key, waitMs);
    for (;;) {
      const record = await this.repository.find(key);
      if (record === null) throw unknownQuery(key.id);
      const outcome = outcomeOf(key, record);
      if (outcome.kind !== 'running' || performance.now() >= end) return outcome;
      await setTimeout(POLL_INTERVAL_MS);
    }
  }

  /** Aborts a run in this process. A run in another replica reads its record and aborts itself. */
  kill(key: QueryKey): void {
    this.#running.get(queryName(key))?.abort.abort();
  }

  async beforeApplicationShutdown(): Promise<void> {
    const all = [...this.#running.values()];
    if (all.length === 0) return;
    const ended = Promise.all(all.map((run) => run.ended));
    await Promise.race([ended, setTimeout(GRACE_MS, undefined, { ref: false })]);
    for (const { abort } of all) abort.abort();
    await ended;
  }

  async #waitForLocalRun(key: QueryKey, waitMs: number): Promise<void> {
    const run = this.#running.get(queryName(key));
    if (run === undefined) return;
    const timer = new AbortController();
    const timeout = setTimeout(waitMs, undefined, { signal: timer.signal }).catch(() => undefined);
    await Promise.race([run.ended, timeout]);
    timer.abort();
  }

  async #run({ key, work }: ChangingRun, abort: AbortController): Promise<void> {
    const heartbeat = setInterval(() => {
      this.repository.touch(key).then(
        (isRunning) => {
          if (!isRunning) abort.abort();
        },
        (error: unknown) => {
          this.#logger.warn({
            msg: 'the heartbeat of a running statement could not be recorded',
            error: loggedError(error),
          });
        },
      );
    }, HEARTBEAT_INTERVAL_MS);
    const failure = await failureOf(work(abort.signal), (error) => {
      const { reason } = abort.signal as { readonly reason: unknown };
      return this.#failure(key, reason instanceof AppError ? reason : error);
    });
    clearInterval(heartbeat);
    await this.repository.end(key, 'finished', failure);
  }

  #failure({ id }: QueryKey, error: unknown): QueryFailure {
    if (error instanceof AppError) {
      const appError = error as AppError; // instanceof leaves its kind as any
      const { code, kind } = this.failures.report(appError, { query: id });
      return { code, kind, message: appError.message };
    }
    this.#logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return {
      code: 1001,
      kind: 'Internal',
      message: 'The server failed unexpectedly: its log has the reason.',
    };
  }
}

async function failureOf(
  work: Promise<unknown>,
  translate: (error: unknown) => QueryFailure,
): Promise<QueryFailure | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return translate(error);
  }
}
