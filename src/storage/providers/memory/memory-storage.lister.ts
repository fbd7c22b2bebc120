import { setImmediate } from 'node:timers/promises';
import { compareKeys } from '../../contract/key-bytes.js';
import type { LevelEntry } from '../../contract/levels/level-entry.js';
import type { LevelOptions, ListOptions, ObjectStat } from '../../contract/storage-provider.js';
import { assertNotAborted } from './memory-storage.errors.js';

/** Small, so that the tests of every caller cross the boundary between two batches. */
const BATCH_OBJECTS = 100;

type Objects = ReadonlyMap<string, { readonly stat: ObjectStat }>;

/** Yields the objects in byte order of their keys. */
export function listObjects(objects: Objects, options: ListOptions): AsyncGenerator<readonly ObjectStat[]> {
  return batches(options, keysOf(objects, options), (key) => objects.get(key)?.stat);
}

/** Yields the objects of one level, and the prefixes that others have in common. */
export function listLevel(
  objects: Objects,
  { startAfter = '', ...options }: LevelOptions,
): AsyncGenerator<readonly LevelEntry[]> {
  const { prefix = '' } = options;
  const names = new Set(
    keysOf(objects, options).map((key) => {
      const slash = key.indexOf('/', prefix.length);
      return slash === -1 ? key : key.slice(0, slash + 1);
    }),
  );
  const later = [...names].filter((name) => compareKeys(name, startAfter) > 0);
  const isOfLevel = (name: string): boolean => !name.endsWith('/') || name === prefix;
  return batches(options, later, (name) => (isOfLevel(name) ? objects.get(name)?.stat : { prefix: name }));
}

function keysOf(objects: Objects, { prefix = '', startAfter = '', markers = false }: ListOptions): string[] {
  return [...objects]
    .filter(([key, { stat }]) => markers || stat.size > 0 || !key.endsWith('/'))
    .map(([key]) => key)
    .filter((key) => key.startsWith(prefix) && compareKeys(key, startAfter) > 0)
    .sort(compareKeys);
}

/** Yields entries in the state at the time of their batch: skips objects that were removed meanwhile. */
async function* batches<Entry>(
  { limit = Infinity, signal }: LevelOptions,
  names: readonly string[],
  entryOf: (name: string) => Entry | undefined,
): AsyncGenerator<readonly Entry[]> {
  assertNotAborted({ operation: 'list' }, signal);
  const selected = names.slice(0, limit);
  for (let from = 0; from < selected.length; from += BATCH_OBJECTS) {
    await setImmediate();
    assertNotAborted({ operation: 'list' }, signal);
    const batch = selected.slice(from, from + BATCH_OBJECTS).flatMap((name) => entryOf(name) ?? []);
    if (batch.length > 0) yield batch;
  }
  assertNotAborted({ operation: 'list' }, signal);
}
