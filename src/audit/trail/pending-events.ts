import type { AuditEvent } from '../events/audit-event.js';
import { newEventId } from '../events/event-id.js';

/** An event that waits to be written. */
export interface PendingEvent {
  readonly id: string;
  readonly event: AuditEvent;
  /** How many equal ones it stands for. */
  count: number;
}

/** The most events that wait. Each has a few hundred bytes. */
const MAX_PENDING = 10_000;
/** Distinct denials of nobody known between two writes. Others of a kind share one event without an address. */
const MAX_ANONYMOUS = 50;

/** Events that wait to be written. Equal denials are one event with a count: who is refused may ask again and again. */
export class PendingEvents {
  readonly #max: number;
  readonly #maxAnonymous: number;
  #events: PendingEvent[] = [];
  readonly #denials = new Map<string, PendingEvent>();
  #anonymous = 0;

  constructor(max = MAX_PENDING, maxAnonymous = MAX_ANONYMOUS) {
    this.#max = max;
    this.#maxAnonymous = maxAnonymous;
  }

  get size(): number {
    return this.#events.length;
  }

  /** @returns false if the event is lost, because too many wait. */
  add(event: AuditEvent): boolean {
    if (event.outcome !== 'denied') return this.#push(event) !== undefined;
    const key = keyOf(event);
    if (this.#count(key)) return true;
    if (event.actor !== undefined) return this.#pushDenial(key, event);
    if (this.#anonymous >= this.#maxAnonymous) return this.#addToOthers(event);
    this.#anonymous++;
    return this.#pushDenial(key, event);
  }

  /** Takes the oldest events out. What comes later is never counted with them. */
  take(most: number): PendingEvent[] {
    this.#denials.clear();
    this.#anonymous = 0;
    return this.#events.splice(0, most);
  }

  /** Puts back what could not be written, before the others. @returns the number of requests whose events are lost. */
  putBack(events: readonly PendingEvent[]): number {
    const all = [...events, ...this.#events];
    this.#events = all.slice(0, this.#max);
    return countOf(all.slice(this.#max));
  }

  #addToOthers(event: AuditEvent): boolean {
    const others = { ...event, origin: undefined };
    const key = keyOf(others);
    return this.#count(key) || this.#pushDenial(key, others);
  }

  #count(key: string): boolean {
    const same = this.#denials.get(key);
    if (same !== undefined) same.count++;
    return same !== undefined;
  }

  #pushDenial(key: string, event: AuditEvent): boolean {
    const pending = this.#push(event);
    if (pending !== undefined) this.#denials.set(key, pending);
    return pending !== undefined;
  }

  #push(event: AuditEvent): PendingEvent | undefined {
    if (this.#events.length >= this.#max) return undefined;
    const pending = { id: newEventId(), event, count: event.count ?? 1 };
    this.#events.push(pending);
    return pending;
  }
}

export function countOf(events: readonly PendingEvent[]): number {
  return events.reduce((sum, { count }) => sum + count, 0);
}

/** Compares all of an event but its time and request; of an unknown client, nothing that it chooses. */
function keyOf({ action, errorKind, actor, origin, stage, path, object }: AuditEvent): string {
  const chosen = actor === undefined ? [] : [origin?.via ?? actor.origin?.via, stage?.name, path, object];
  const address = origin?.address ?? actor?.origin?.address;
  return JSON.stringify([action, errorKind, actor?.userId, address, actor?.token?.id, ...chosen]);
}
