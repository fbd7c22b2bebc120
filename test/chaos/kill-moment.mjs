import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const LATEST_MS = 600;
const BOOT_MS = 900;
/** So long a server is waited for that has become slow. */
const PATIENCE_MS = 4000;
const SHORTLY_MS = 8;
const LARGE_BYTES = 1024 * 1024;

/** At most so many of each there are until the server dies. */
const MOST_EVENTS = { 'body sent': 25, 'large body sent': 3, acknowledged: 40 };

/**
 * When the server dies: at any moment of the load, when a body has just gone out and is being committed, or when an upload
 * has just been acknowledged.
 */
export class KillMoment {
  #kind;
  #afterMs;
  #eventsLeft;
  #events = new EventEmitter();

  constructor(random) {
    this.#kind = random.weighted([
      [45, 'any'],
      [20, 'body sent'],
      [15, 'large body sent'],
      [20, 'acknowledged'],
    ]);
    this.#afterMs = random.below(this.#kind === 'any' ? LATEST_MS : SHORTLY_MS);
    this.#eventsLeft = random.between(1, MOST_EVENTS[this.#kind] ?? 1);
  }

  /** To be told of every upload whose last byte has gone out. */
  bodySent({ files }) {
    const size = files.reduce((sum, { content }) => sum + content.size, 0);
    this.#count('body sent');
    if (size >= LARGE_BYTES) this.#count('large body sent');
  }

  acknowledged() {
    this.#count('acknowledged');
  }

  /** Resolves when it has come. */
  async reached() {
    if (this.#kind !== 'any') await Promise.race([once(this.#events, 'reached'), delay(PATIENCE_MS)]);
    await delay(this.#afterMs);
  }

  toString() {
    return `${this.#kind}, ${this.#afterMs} ms`;
  }

  #count(kind) {
    if (kind !== this.#kind) return;
    this.#eventsLeft -= 1;
    if (this.#eventsLeft === 0) this.#events.emit('reached');
  }
}

/** So long after its start a server dies that was just about to clear up; undefined where it may come up. */
export function bootKillMs(random) {
  return random.chance(0.12) ? random.below(BOOT_MS) : undefined;
}
