import type { ChosenRoles } from '../../users/principals/principals.js';
import type { Principal } from '../../access/principal.js';

/** The client of a request. */
export interface QueryCaller {
  readonly principal: Principal;
  /** The same user in a session with these roles. */
  readonly inRoles: (roles: ChosenRoles) => Promise<Principal>;
  /** The id of the client's session; empty if the client sends none. */
  readonly sessionId: string;
  /** The URL at which the client reaches this server. */
  readonly baseUrl: string;
  /** Reports the kind of the statement to the request log, as soon as it is parsed. */
  readonly reportKind: (kind: string) => void;
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
}
