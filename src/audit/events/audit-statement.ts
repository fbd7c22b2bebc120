import { hostname } from 'node:os';
import { withoutTokens } from '../../common/telemetry/hidden-credentials.js';
import { sql, type Sql, type SqlStatement, type SqlValue } from '../../database/sql.js';
import type { AuditEvent } from './audit-event.js';
import { newEventId } from './event-id.js';

/** The columns of `audit_events`, in the order of their values. */
export const AUDIT_COLUMNS = [
  'id',
  'user_id',
  'user_name',
  'role',
  'token_id',
  'address',
  'server',
  'request_id',
  'via',
  'action',
  'stage_name',
  'stage_id',
  'path',
  'object',
  'bytes',
  'count',
  'outcome',
  'error_kind',
  'detail',
] as const;

/** A condition on the id of an `AuditStatement` before, in the same write: was its event written? */
export const IS_RECORDED = 'EXISTS (SELECT 1 FROM audit_events WHERE id = ?)';

const INTO = `INSERT INTO audit_events (${AUDIT_COLUMNS.join(', ')})`;
const VALUES = AUDIT_COLUMNS.map(() => '?').join(', ');
const INSERT = sql(`${INTO} VALUES (${VALUES})`);

/** Names this process to people. */
export const SERVER = `${hostname()}:${String(process.pid)}`;

/** An index of PostgreSQL takes 2,704 bytes, and a character has four at most. */
const MAX_NAME = 255;
const MAX_PATH = 4096;
const MAX_DETAIL = 16_384;

/** Writes an event. Who listens to commits finds it here. */
export class AuditStatement implements SqlStatement {
  readonly sql: Sql<unknown>;
  readonly values: readonly SqlValue[];
  readonly event: AuditEvent;
  readonly id: string;

  constructor(event: AuditEvent, id = newEventId(), condition?: SqlStatement) {
    this.event = event;
    this.id = id;
    this.sql = condition === undefined ? INSERT : conditional(condition.sql);
    const values = valuesOf(id, event);
    this.values = condition === undefined ? values : [...values, ...condition.values];
  }
}

/** Writes an event. In one write with the change that it tells of, both are committed or none. */
export function auditStatement(event: AuditEvent): AuditStatement {
  return new AuditStatement(event);
}

/**
 * Writes an event if the query has a row: for a change that may find nothing to change, in the same write.
 *
 * @param query a SELECT that finds what the change has left, or is about to remove.
 */
export function auditStatementIf(query: SqlStatement, event: AuditEvent): AuditStatement {
  return new AuditStatement(event, newEventId(), query);
}

const conditionals = new WeakMap<Sql<unknown>, Sql>();

function conditional(query: Sql<unknown>): Sql {
  let text = conditionals.get(query);
  if (text === undefined)
    conditionals.set(query, (text = sql(`${INTO} SELECT ${VALUES} WHERE EXISTS (${query.text})`)));
  return text;
}

function valuesOf(id: string, event: AuditEvent): readonly SqlValue[] {
  const { actor, stage, action, outcome, path, object, bytes, count, errorKind, detail } = event;
  const origin = event.origin ?? actor?.origin;
  return [
    id,
    actor?.userId ?? null,
    storable(actor?.name, MAX_NAME),
    storable(actor?.currentRole?.name, MAX_NAME),
    actor?.token?.id ?? null,
    origin?.address ?? null,
    SERVER,
    storable(origin?.requestId, MAX_NAME),
    origin?.via ?? (actor === undefined ? 'rest' : 'command'),
    action,
    requested(stage?.name, MAX_NAME),
    stage?.id ?? null,
    requested(path, MAX_PATH),
    requested(object, MAX_NAME),
    bytes ?? null,
    count ?? 1,
    outcome,
    errorKind ?? null,
    detail === undefined ? null : storable(JSON.stringify(detail), MAX_DETAIL),
  ];
}

/** Prepares what a client has written into a URL or a statement: by mistake, it may be a token. */
function requested(text: string | undefined, max: number): string | null {
  return storable(text === undefined ? undefined : withoutTokens(text), max);
}

/** Every database stores it: bounded, valid Unicode, without NUL. */
function storable(text: string | undefined, max: number): string | null {
  if (text === undefined) return null;
  const cut = text.length > max ? text.slice(0, max) : text;
  return cut.isWellFormed() && !cut.includes('\0') ? cut : cut.toWellFormed().replaceAll('\0', '\uFFFD');
}
