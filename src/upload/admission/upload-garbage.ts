import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** A collection takes a fraction of a millisecond, for little lives on; so many bytes take ten in coming. */
const COLLECTED_EVERY_BYTES = 8 * 1024 * 1024;

// V8 says so to those alone that asked for it, and Node has no other way to ask while it runs.
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (options?: { readonly type: 'minor' }) => void; // V8's own

/**
 * The buffers of uploads that are stored. They lie outside of V8's heap, so that it does not know how much waits for its next
 * collection: a young generation that suits small requests would hold tens of megabytes of them.
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

/** The old generation too: tens of milliseconds. With `type: 'major'` Node 20 frees no shared memory. */
export function collectAll(): void {
  collect();
}
