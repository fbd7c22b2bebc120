import type { AuditAction } from '../events/audit-action.js';
import type { AuditEvent } from '../events/audit-event.js';
import { newEventId } from '../events/event-id.js';

/** An event that waits to be written. */
export interface PendingEvent {
  readonly id: string;
  readonly event: AuditEvent;
  /** How many equal ones it stands for. */
  count: number;
  /** Of all of them. */
  bytes: number | undefined;
}

/** The most events that wait. Each has a few hundred bytes. */
const MAX_PENDING = 10_000;
/** Distinct denials of nobody known between two writes. Others of a kind share one event without an address. */
const MAX_ANONYMOUS = 50;

/** Reads that a client repeats for parts of one file. */
const OF_PARTS: ReadonlySet<AuditAction> = new Set(['file.get', 'file.head']);

/**
 * Events that wait to be written. Equal denials are one event with a count: who is refused may ask again and again. So are reads of
 * one file by one user: readers of Parquet ask for hundreds of its ranges.
 */
export class PendingEvents {
  readonly #max: number;
  readonly #maxAnonymous: number;
  #events: PendingEvent[] = [];
  readonly #equal = new Map<string, PendingEvent>();
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
    if (event.outcome === 'success' && OF_PARTS.has(event.action))
      return this.#addEqual(readKeyOf(event), event);
    if (event.outcome !== 'denied') return this.#push(event) !== undefined;
    const key = keyOf(event);
    if (event.actor !== undefined) return this.#addEqual(key, event);
    if (this.#count(key, event)) return true;
    if (this.#anonymous >= this.#maxAnonymous) return this.#addToOthers(event);
    this.#anonymous++;
    return this.#addEqual(key, event);
  }

  /** Takes the oldest events out. What comes later is never counted with them. */
  take(most: number): PendingEvent[] {
    this.#equal.clear();
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
    return this.#addEqual(keyOf(others), others);
  }

  #addEqual(key: string, event: AuditEvent): boolean {
    if (this.#count(key, event)) return true;
    const pending = this.#push(event);
    if (pending !== undefined) this.#equal.set(key, pending);
    return pending !== undefined;
  }

  #count(key: string, { bytes }: AuditEvent): boolean {
    const same = this.#equal.get(key);
    if (same === undefined) return false;
    same.count++;
    if (bytes !== undefined) same.bytes = (same.bytes ?? 0) + bytes;
    return true;
  }

  #push(event: AuditEvent): PendingEvent | undefined {
    if (this.#events.length >= this.#max) return undefined;
    const pending = { id: newEventId(), event, count: event.count ?? 1, bytes: event.bytes };
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

/** Compares all of a read but its time, request and bytes. No name of a file or a user has the character between. */
function readKeyOf({ action, actor, origin, stage, path }: AuditEvent): string {
  const { address, via } = origin ?? actor?.origin ?? {};
  const reader = [actor?.userId, actor?.token?.id, actor?.currentRole?.name, address, via];
  return [action, stage?.id, stage?.name, path, ...reader].join('\0');
}
