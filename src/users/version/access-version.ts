import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { AuditEvent } from '../../audit/events/audit-event.js';
import { auditStatement } from '../../audit/events/audit-statement.js';
import { DatabaseError } from '../../database/database-error.js';
import { SqlDatabase } from '../../database/sql-database.js';
import { sql, type SqlStatement } from '../../database/sql.js';

const READ = sql<readonly [string]>("SELECT value FROM database_state WHERE name = 'access_version'");
/** Violates the constraint against NULL if another change came first, so that nothing of this one is committed. */
const MOVE = sql(
  "UPDATE database_state SET value = CASE WHEN value = ? THEN ? END WHERE name = 'access_version'",
);
const MAX_ATTEMPTS = 20;
const RETRY_MS = 20;

/** A change, after a look at what it depends on. */
export interface Change<Result> {
  /** None if there is nothing to change. */
  readonly statements: readonly SqlStatement[];
  /** Tells the audit, in the same commit. Undefined if there is nothing to change. */
  readonly event: AuditEvent | undefined;
  readonly result: Result;
}

/**
 * The version of all users, roles, grants and tokens: another text after each change, by any server. Whatever a server remembers of them
 * holds while the version stays the same.
 */
@Injectable()
export class AccessVersion {
  /** A read of this turn of the event loop: many requests share one. */
  #reading: Promise<string> | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(private readonly database: SqlDatabase) {}

  current(): Promise<string> {
    if (this.#reading !== undefined) return this.#reading;
    const reading = this.#read();
    this.#reading = reading;
    setImmediate(() => {
      if (this.#reading === reading) this.#reading = undefined;
    });
    return reading;
  }

  /**
   * Commits a change, and with it another version.
   *
   * @param plan reads what the change depends on, as of a version, and decides. Called again if somebody else changed something
   *   meanwhile.
   */
  async change<Result>(plan: (version: string) => Promise<Change<Result>>): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      const seen = await this.#read();
      const { statements, event, result } = await plan(seen);
      if (statements.length === 0) return result;
      const audited = event === undefined ? statements : [...statements, auditStatement(event)];
      if (await this.#commit(seen, audited)) return result;
      if (attempt === MAX_ATTEMPTS) throw tooManyChanges();
      await delay(Math.random() * RETRY_MS * attempt);
    }
  }

  /** Calls the listener after each change by this server. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  async #commit(seen: string, statements: readonly SqlStatement[]): Promise<boolean> {
    try {
      await this.database.write([MOVE.with(seen, randomUUID()), ...statements]);
    } catch (error) {
      if (error instanceof DatabaseError && error.kind === 'Conflict') return false;
      throw error;
    }
    this.#reading = undefined;
    for (const listener of this.#listeners) listener();
    return true;
  }

  async #read(): Promise<string> {
    const [row] = await this.database.readRows(READ);
    if (row === undefined)
      throw new DatabaseError('Unavailable', 'The database of the service has no version of its users.');
    return row[0];
  }
}

function tooManyChanges(): DatabaseError {
  return new DatabaseError(
    'Unavailable',
    'The database of the service is busy with other changes of users and grants: try again.',
  );
}
