import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { SqlDatabase } from '../../database/sql-database.js';
import { sql, type Sql, type SqlValue } from '../../database/sql.js';
import type { AuditAction, AuditOutcome } from '../events/audit-action.js';
import { AUDIT_COLUMNS } from '../events/audit-statement.js';
import { firstIdAt } from '../events/event-id.js';

export interface AuditRow {
  readonly id: string;
  readonly user_id: string | null;
  readonly user_name: string | null;
  readonly role: string | null;
  readonly token_id: string | null;
  readonly address: string | null;
  readonly server: string;
  readonly request_id: string | null;
  readonly via: string;
  readonly action: AuditAction;
  readonly stage_name: string | null;
  readonly stage_id: string | null;
  readonly path: string | null;
  readonly object: string | null;
  readonly bytes: number | null;
  readonly count: number;
  readonly outcome: AuditOutcome;
  readonly error_kind: string | null;
  /** JSON. */
  readonly detail: string | null;
}

/** Conditions on events. All of them hold. */
export interface AuditSelection {
  readonly from?: Date | undefined;
  /** Exclusive. */
  readonly to?: Date | undefined;
  readonly user?: string | undefined;
  readonly stage?: string | undefined;
  /** The beginning of a path. */
  readonly path?: string | undefined;
  readonly action?: AuditAction | undefined;
  readonly outcome?: AuditOutcome | undefined;
}

export interface AuditScan {
  /** The latest first. */
  readonly rows: readonly AuditRow[];
  /** Where the next scan begins; undefined if nothing older matches. */
  readonly next: string | undefined;
}

/** Rows that one query looks at. SQLite answers within the call, while nothing else runs. */
const WINDOW = 5_000;
/** Time for a page. */
const SCAN_MS = 1_000;

interface Condition {
  readonly text: string;
  readonly values: readonly SqlValue[];
  /** Has it an index that is in the order of the ids? */
  readonly isIndexed: boolean;
}

/**
 * Finds events, the latest first. One condition chooses an index that is in the order of the ids; the others are compared row by row, in
 * windows, so that no filter keeps the database busy: a scan that finds little for a second says where to go on.
 */
@Injectable()
export class AuditRepository {
  readonly #texts = new Map<string, Sql>();

  constructor(private readonly database: SqlDatabase) {}

  /** @param before an id: older events only. */
  async list(selection: AuditSelection, before: string | undefined, limit: number): Promise<AuditScan> {
    const { driver, others } = planOf(selection);
    const rows: AuditRow[] = [];
    const until = performance.now() + SCAN_MS;
    for (let upper = before ?? endOf(selection); ;) {
      const scope = [...(driver === undefined ? [] : [driver]), ...boundsOf(selection, upper)];
      const found = await this.#read(scope, others, limit + 1 - rows.length);
      rows.push(...found);
      if (rows.length > limit) return { rows: rows.slice(0, limit), next: rows[limit - 1]?.id };
      upper = others.length === 0 ? undefined : await this.#endOfWindow(scope);
      if (upper === undefined) return { rows, next: undefined };
      if (performance.now() >= until) return { rows, next: upper };
      await setImmediate();
    }
  }

  async #read(
    scope: readonly Condition[],
    others: readonly Condition[],
    limit: number,
  ): Promise<readonly AuditRow[]> {
    const columns = AUDIT_COLUMNS.join(', ');
    const inScope = `SELECT ${columns} FROM audit_events${whereOf(scope)} ORDER BY id DESC LIMIT ?`;
    if (others.length === 0)
      return this.database.read(this.#sql<AuditRow>(inScope), ...valuesOf(scope), limit);
    const text = `SELECT ${columns} FROM (${inScope}) AS scanned${whereOf(others)} ORDER BY id DESC LIMIT ?`;
    const values = [...valuesOf(scope), WINDOW, ...valuesOf(others), limit];
    return this.database.read(this.#sql<AuditRow>(text), ...values);
  }

  /** @returns the last id of a full window. */
  async #endOfWindow(scope: readonly Condition[]): Promise<string | undefined> {
    const text = `SELECT id FROM audit_events${whereOf(scope)} ORDER BY id DESC LIMIT 1 OFFSET ?`;
    const query = this.#sql<readonly [string]>(text);
    const [row] = await this.database.readRows(query, ...valuesOf(scope), WINDOW - 1);
    return row?.[0];
  }

  /** The texts are as few as the combinations of conditions. */
  #sql<Row>(text: string): Sql<Row> {
    const known = this.#texts.get(text) ?? sql(text);
    this.#texts.set(text, known);
    return known;
  }
}

/** At most one condition drives a scan, by an index in the order of the ids. The others are compared. */
function planOf(selection: AuditSelection): {
  readonly driver: Condition | undefined;
  readonly others: readonly Condition[];
} {
  const { user, stage, outcome, action, path } = selection;
  const conditions = [
    ...(user === undefined ? [] : [{ text: 'user_name = ?', values: [user], isIndexed: true }]),
    ...(stage === undefined ? [] : [{ text: 'stage_name = ?', values: [stage], isIndexed: true }]),
    ...(outcome === undefined ? [] : [outcomeCondition(outcome)]),
    ...(action === undefined ? [] : [actionCondition(action)]),
    ...(path === undefined || path === '' ? [] : [pathCondition(path)]),
  ];
  const driver = conditions.find(({ isIndexed }) => isIndexed);
  return { driver, others: conditions.filter((condition) => condition !== driver) };
}

/** Repeats the condition of the partial index, so that the databases find it. */
function outcomeCondition(outcome: AuditOutcome): Condition {
  if (outcome === 'success') return { text: 'outcome = ?', values: [outcome], isIndexed: false };
  return { text: "outcome <> 'success' AND outcome = ?", values: [outcome], isIndexed: true };
}

/** As `outcomeCondition`. What is done with files is most of the audit: no index is needed to find some of it. */
function actionCondition(action: AuditAction): Condition {
  if (action.startsWith('file.')) return { text: 'action = ?', values: [action], isIndexed: false };
  const side = action < 'file.' ? "action < 'file.'" : "action > 'file/'";
  return { text: `${side} AND action = ?`, values: [action], isIndexed: true };
}

/** Compared by bytes, as names are. */
function pathCondition(prefix: string): Condition {
  return { text: 'substr(path, 1, length(?)) = ?', values: [prefix, prefix], isIndexed: false };
}

function boundsOf({ from }: AuditSelection, upper: string | undefined): readonly Condition[] {
  return [
    ...(from === undefined ? [] : [bound('id >= ?', firstIdAt(from.getTime()))]),
    ...(upper === undefined ? [] : [bound('id < ?', upper)]),
  ];
}

function bound(text: string, id: string): Condition {
  return { text, values: [id], isIndexed: true };
}

function endOf({ to }: AuditSelection): string | undefined {
  return to === undefined ? undefined : firstIdAt(to.getTime());
}

function whereOf(conditions: readonly Condition[]): string {
  return conditions.length === 0 ? '' : ` WHERE ${conditions.map(({ text }) => text).join(' AND ')}`;
}

function valuesOf(conditions: readonly Condition[]): SqlValue[] {
  return conditions.flatMap(({ values }) => values);
}
