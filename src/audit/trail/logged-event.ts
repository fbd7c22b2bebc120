import type { AuditEvent } from '../events/audit-event.js';

/** An event as a field of a line of the log, in the words of `GET /v1/audit`. Undefined fields are left out. */
export function loggedEvent(id: string, event: AuditEvent): object {
  const { actor, action, outcome, stage, path, object, bytes, count = 1, errorKind, detail } = event;
  const origin = event.origin ?? actor?.origin;
  return {
    id,
    action,
    outcome,
    user: actor?.name,
    role: actor?.currentRole?.name,
    token_id: actor?.token?.id,
    address: origin?.address,
    request_id: origin?.requestId,
    via: origin?.via,
    stage: stage?.name,
    path,
    object,
    bytes,
    count,
    error: errorKind,
    detail,
  };
}
