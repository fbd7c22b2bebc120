import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Interval of collections. Each takes a fraction of a millisecond, because few objects survive; receiving this many
 * bytes takes ten.
 */
const COLLECTED_EVERY_BYTES = 8 * 1024 * 1024;

// V8 offers its collector only with this flag, and Node has no other way to call it at run time.
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (options?: { readonly type: 'minor' }) => void; // V8's collector

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
    collect({ type: 'minor' });
  }
}

/** Collects the old generation too, in tens of milliseconds. With `type: 'major'` Node 20 frees no shared memory. */
export function collectAll(): void {
  collect();
}
