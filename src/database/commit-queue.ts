import { setImmediate } from 'node:timers/promises';
import { Backoff } from './backoff.js';
import type { SqlStatement } from './sql.js';

/** Statements that are committed all, or none of them. */
export interface PendingWrite {
  readonly statements: readonly SqlStatement[];
  /** On the clock of `performance`: the time until which it may wait for the database. */
  readonly deadline: number;
  readonly settle: (outcome: WriteOutcome) => void;
}

/** The changed rows of each statement, or why nothing was changed. */
export type WriteOutcome = { readonly changes: readonly number[] } | { readonly error: unknown };

/** Settles writes. Returns those that were not run, because the database was locked or away: they may wait for the next attempt. */
export type Commit = (writes: readonly PendingWrite[]) => Promise<readonly PendingWrite[]>;

/** Commits the writes of one turn of the event loop together, and those that come meanwhile after them. */
export class CommitQueue {
  readonly #commit: Commit;
  readonly #maxWrites: number;
  #pending: PendingWrite[] = [];
  #committing: Promise<void> | undefined;

  /** @param commit is called with `maxWrites` at most. Never rejects. */
  constructor(commit: Commit, maxWrites: number) {
    this.#commit = commit;
    this.#maxWrites = maxWrites;
  }

  async write(statements: readonly SqlStatement[], timeoutMs: number): Promise<WriteOutcome> {
    const deadline = performance.now() + timeoutMs;
    return new Promise((settle) => {
      this.#pending.push({ statements, deadline, settle });
      this.#committing ??= this.#commitAll();
    });
  }

  /** Resolves when all writes are settled. */
  async drained(): Promise<void> {
    await this.#committing;
  }

  async #commitAll(): Promise<void> {
    let backoff = new Backoff();
    while (this.#pending.length > 0) {
      await setImmediate(); // collects the other writes of this turn of the event loop
      const waiting = await this.#commit(this.#pending.splice(0, this.#maxWrites));
      this.#pending.unshift(...waiting);
      if (waiting.length === 0) backoff = new Backoff();
      else await backoff.next();
    }
    this.#committing = undefined;
  }
}

/**
 * Gives up the writes that may not wait any longer.
 *
 * @param until the time until which a write may wait, by its deadline.
 * @returns the others.
 */
export function withoutExpired(
  writes: readonly PendingWrite[],
  error: unknown,
  until: (deadline: number) => number = (deadline) => deadline,
): readonly PendingWrite[] {
  const now = performance.now();
  return writes.filter(({ deadline, settle }) => {
    const mayWait = until(deadline) > now;
    if (!mayWait) settle({ error });
    return mayWait;
  });
}

/** Gives up all of the writes. */
export function failAll(writes: readonly PendingWrite[], error: unknown): void {
  for (const { settle } of writes) settle({ error });
}
