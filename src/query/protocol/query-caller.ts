import type { Principal } from '../../access/principal.js';

/** Who asks, and where from. */
export interface QueryCaller {
  readonly principal: Principal;
  /** The client's session, as far as it names one. */
  readonly sessionId: string;
  /** Where this server can be reached by who asks. */
  readonly baseUrl: string;
  /** Takes the kind of the statement, as soon as it is known. */
  readonly tellKind: (kind: string) => void;
  /** Fires when the client goes away. */
  readonly signal: AbortSignal;
}
