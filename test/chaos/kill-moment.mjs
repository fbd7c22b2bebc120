import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const LATEST_MS = 600;
const BOOT_MS = 900;
const COMMIT_MS = 8;
const LARGE_BYTES = 1024 * 1024;

/** When the server dies: at any moment of the load, or when a body has just gone out, which is when it is committed. */
export class KillMoment {
  #kind;
  #afterMs;
  #bodiesLeft;
  #events = new EventEmitter();

  constructor(random) {
    this.#kind = random.weighted([
      [60, 'any'],
      [20, 'commit'],
      [20, 'large commit'],
    ]);
    this.#afterMs = random.below(this.#kind === 'any' ? LATEST_MS : COMMIT_MS);
    this.#bodiesLeft = this.#kind === 'large commit' ? random.between(1, 3) : random.between(1, 25);
  }

  /** To be told of every upload whose last byte has gone out. */
  bodySent({ files }) {
    const size = files.reduce((sum, { content }) => sum + content.size, 0);
    if (this.#kind === 'large commit' && size < LARGE_BYTES) return;
    this.#bodiesLeft -= 1;
    if (this.#bodiesLeft === 0) this.#events.emit('reached');
  }

  /** Resolves when it has come. */
  async reached() {
    if (this.#kind !== 'any') await Promise.race([once(this.#events, 'reached'), delay(LATEST_MS)]);
    await delay(this.#afterMs);
  }

  toString() {
    return `${this.#kind}, ${this.#afterMs} ms`;
  }
}

/** So long after its start a server dies that was just about to clear up; undefined where it may come up. */
export function bootKillMs(random) {
  return random.chance(0.12) ? random.below(BOOT_MS) : undefined;
}
