import type { ServerResponse } from 'node:http';
import type { AuditActor } from '../events/audit-event.js';

/** Facts that only the handler of a request knows. */
export interface HandlerFacts {
  readonly actor: AuditActor;
  readonly path?: string | undefined;
}

const facts = new WeakMap<ServerResponse, HandlerFacts>();

/** Tells the audit about a request whose user the guard does not know. */
export function tellAudit(response: ServerResponse, ofRequest: HandlerFacts): void {
  facts.set(response, ofRequest);
}

export function handlerFactsOf(response: ServerResponse): HandlerFacts | undefined {
  return facts.get(response);
}
