import { setImmediate } from 'node:timers/promises';
import { compareKeys } from '../../contract/key-bytes.js';
import type { ListOptions, ObjectStat } from '../../contract/storage-provider.js';
import { assertNotAborted } from './memory-storage.errors.js';

/** Small, so that the tests of every caller cross the boundary between two batches. */
const BATCH_OBJECTS = 100;

/**
 * Yields the objects in byte order of their keys, in the state at the time of their batch: skips objects that were removed
 * meanwhile.
 */
export async function* listObjects(
  objects: ReadonlyMap<string, { readonly stat: ObjectStat }>,
  options: ListOptions,
): AsyncGenerator<readonly ObjectStat[]> {
  const { prefix = '', startAfter = '', limit = Infinity, markers = false, signal } = options;
  assertNotAborted({ operation: 'list' }, signal);
  const keys = [...objects]
    .filter(([key, { stat }]) => markers || stat.size > 0 || !key.endsWith('/'))
    .map(([key]) => key)
    .filter((key) => key.startsWith(prefix) && compareKeys(key, startAfter) > 0)
    .sort(compareKeys)
    .slice(0, limit);
  for (let from = 0; from < keys.length; from += BATCH_OBJECTS) {
    await setImmediate();
    assertNotAborted({ operation: 'list' }, signal);
    const batch = keys.slice(from, from + BATCH_OBJECTS).flatMap((key) => objects.get(key)?.stat ?? []);
    if (batch.length > 0) yield batch;
  }
  assertNotAborted({ operation: 'list' }, signal);
}
