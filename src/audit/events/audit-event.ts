import type { RequestOrigin, RoleRef, TokenRef } from '../../access/principal.js';
import type { AuditAction, AuditOutcome } from './audit-action.js';

/** The one who acts. A principal is one. */
export interface AuditActor {
  readonly userId: string;
  readonly name: string;
  /** Absent for a user who was not let in. */
  readonly currentRole?: RoleRef;
  readonly token?: TokenRef | undefined;
  /** Absent for a command on the server's machine. */
  readonly origin?: RequestOrigin | undefined;
}

/** A stage, by its name. The id tells it apart from another one of the name: that of the user for `~`. */
export interface AuditedStage {
  readonly name: string;
  /** Absent where there is no such stage, or the caller may not know. */
  readonly id?: string | undefined;
}

/** One thing that was done or asked for. Holds no secret. */
export interface AuditEvent {
  readonly action: AuditAction;
  readonly outcome: AuditOutcome;
  /** Undefined for somebody who was not recognised. */
  readonly actor: AuditActor | undefined;
  /** That of the actor if absent. */
  readonly origin?: RequestOrigin | undefined;
  readonly stage?: AuditedStage | undefined;
  /** Of the file in its stage, or the prefix of several files. */
  readonly path?: string | undefined;
  /** Name of a user, role, connection or token. */
  readonly object?: string | undefined;
  readonly bytes?: number | undefined;
  /** Number of files, or of equal denials, that the event stands for. One if absent. */
  readonly count?: number | undefined;
  /** The kind of the error, as its answer names it. */
  readonly errorKind?: string | undefined;
  readonly detail?: Readonly<Record<string, unknown>> | undefined;
}

/** A change that was made, as an event. */
export function changed(
  action: AuditAction,
  actor: AuditActor,
  facts: Omit<AuditEvent, 'action' | 'actor' | 'outcome'> = {},
): AuditEvent {
  return { action, outcome: 'success', actor, ...facts };
}
