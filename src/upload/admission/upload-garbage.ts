import { collectGarbage } from '../../runtime/collect-garbage.js';

/**
 * Interval of collections. Each takes a fraction of a millisecond, because few objects survive; receiving this many
 * bytes takes ten.
 */
const COLLECTED_EVERY_BYTES = 8 * 1024 * 1024;

/**
 * Collects buffers of stored uploads. They lie outside V8's heap, so V8 does not know how much memory waits for its
 * next collection: a young generation sized for small requests would hold tens of megabytes of them.
 */
export class UploadGarbage {
  #bytes = 0;

  add(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < COLLECTED_EVERY_BYTES) return;
    this.#bytes = 0;
    collectGarbage({ type: 'minor' });
  }
}
