import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

/** @import { UploadedFile } from './kill-ledger.mjs' */
/** @import { Random } from '../support/random.mjs' */

const BOOT_MS = 900;
/** So long a server is waited for that has become slow. */
const PATIENCE_MS = 4000;
const LARGE_BYTES = 1024 * 1024;

/** @typedef {{ name: string, weight: number, event?: string, most?: number, withinMs: number }} Kind */

/**
 * The server dies `withinMs` of the last one of up to `most` events, or of the beginning of the load.
 *
 * @type {readonly Kind[]}
 */
const KINDS = [
  { name: 'at any time', weight: 25, withinMs: 600 },
  { name: 'at any time when busy', weight: 25, event: 'acknowledged', most: 1, withinMs: 600 },
  { name: 'body sent', weight: 20, event: 'body sent', most: 25, withinMs: 8 },
  { name: 'large body sent', weight: 15, event: 'large body sent', most: 3, withinMs: 8 },
  { name: 'acknowledged', weight: 15, event: 'acknowledged', most: 40, withinMs: 8 },
];

/**
 * When the server dies: at any moment of the load, when a body has just gone out and is being committed, or when an upload
 * has just been acknowledged.
 */
export class KillMoment {
  #name;
  #event;
  #afterMs;
  #eventsLeft;
  #events = new EventEmitter();

  /** @param {Random} random */
  constructor(random) {
    /** @type {[number, Kind][]} */
    const kinds = KINDS.map((kind) => [kind.weight, kind]);
    const { name, event, most = 1, withinMs } = random.weighted(kinds);
    this.#name = name;
    this.#event = event;
    this.#afterMs = random.below(withinMs);
    this.#eventsLeft = random.between(1, most);
  }

  /**
   * To be told of every upload whose last byte has gone out.
   * @param {{ files: readonly UploadedFile[] }} upload
   */
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
    if (this.#event !== undefined)
      await Promise.race([once(this.#events, 'reached'), delay(PATIENCE_MS, undefined, { ref: false })]);
    await delay(this.#afterMs);
  }

  toString() {
    return `${this.#name}, ${this.#afterMs} ms`;
  }

  /** @param {string} event */
  #count(event) {
    if (event !== this.#event) return;
    this.#eventsLeft -= 1;
    if (this.#eventsLeft === 0) this.#events.emit('reached');
  }
}

/**
 * So long after its start a server dies that was just about to clear up; undefined where it may come up.
 * @param {Random} random
 */
export function bootKillMs(random) {
  return random.chance(0.12) ? random.below(BOOT_MS) : undefined;
}
