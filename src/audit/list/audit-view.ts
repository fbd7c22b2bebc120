import type { AuditAction, AuditOutcome } from '../events/audit-action.js';
import { timeOfEvent } from '../events/event-id.js';
import type { AuditRow } from './audit.repository.js';

/** An event as REST shows it. */
export interface AuditEventView {
  readonly id: string;
  /** ISO 8601 in UTC. */
  readonly time: string;
  readonly action: AuditAction;
  readonly outcome: AuditOutcome;
  readonly user: string | null;
  readonly user_id: string | null;
  readonly role: string | null;
  readonly token_id: string | null;
  readonly address: string | null;
  readonly server: string;
  readonly request_id: string | null;
  readonly via: string;
  readonly stage: string | null;
  readonly stage_id: string | null;
  readonly path: string | null;
  readonly object: string | null;
  readonly bytes: number | null;
  readonly count: number;
  readonly error: string | null;
  readonly detail: object | null;
}

export interface AuditPageView {
  readonly events: readonly AuditEventView[];
  readonly next_cursor: string | null;
}

export function auditEventView(row: AuditRow): AuditEventView {
  return {
    id: row.id,
    time: timeOfEvent(row.id).toISOString(),
    action: row.action,
    outcome: row.outcome,
    user: row.user_name,
    user_id: row.user_id,
    role: row.role,
    token_id: row.token_id,
    address: row.address,
    server: row.server,
    request_id: row.request_id,
    via: row.via,
    stage: row.stage_name,
    stage_id: row.stage_id,
    path: row.path,
    object: row.object,
    bytes: row.bytes,
    count: row.count,
    error: row.error_kind,
    detail: row.detail === null ? null : detailOf(row.detail),
  };
}

/** A text that was too long for its column is cut, and no JSON any more. */
function detailOf(text: string): object {
  try {
    return JSON.parse(text) as object; // written by `AuditStatement`
  } catch {
    return { cut: text };
  }
}
