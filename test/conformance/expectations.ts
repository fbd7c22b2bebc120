import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { buffer } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { listedAs } from '../../src/storage/contract/listed-key.js';
import { entryName } from '../../src/storage/contract/levels/level-entry.js';
import { objectKey, type ObjectKey } from '../../src/storage/contract/object-key.js';
import { StorageError, type StorageErrorKind } from '../../src/storage/contract/storage-error.js';
import type {
  LevelOptions,
  ListOptions,
  ObjectStat,
  StorageProvider,
} from '../../src/storage/contract/storage-provider.js';
import { bodyOf } from './bodies.js';
import type { ConformanceContext } from './conformance-case.js';

const DEFAULT_PATIENCE_MS = 5_000;
const PUTS_AT_ONCE = 32;

/** The promise must reject with a StorageError of that kind, and soon; gives the error. */
export async function rejectsWith(
  context: ConformanceContext,
  kind: StorageErrorKind,
  promise: Promise<unknown>,
): Promise<StorageError> {
  const outcome = await promptly(
    context,
    promise.then(
      () => assert.fail(`It must be refused as ${kind}, and succeeded.`),
      (error: unknown) => error,
    ),
  );
  assert.ok(outcome instanceof StorageError, `It must reject with a StorageError, not ${String(outcome)}.`);
  assert.equal(outcome.kind, kind);
  return outcome;
}

/** The promise must reject with that very error, and soon. */
export async function assertRejectedWith(
  context: ConformanceContext,
  promise: Promise<unknown>,
  expected: Error,
): Promise<void> {
  const [outcome] = await promptly(context, Promise.allSettled([promise]));
  assert.equal(outcome.status, 'rejected');
  assert.ok(outcome.reason === expected, `It must be the very error, not ${String(outcome.reason)}.`);
}

/** The promise must settle within the context's patience. */
export async function promptly<T>(context: ConformanceContext, promise: Promise<T>): Promise<T> {
  const ms = context.patienceMs ?? DEFAULT_PATIENCE_MS;
  return withinMs(ms, promise);
}

/** Settles as the promise does, or rejects after so many milliseconds. */
export async function withinMs<T>(ms: number, promise: Promise<T>): Promise<T> {
  const done = new AbortController();
  const late = setTimeout(ms, undefined, { signal: done.signal }).then(() =>
    assert.fail(`It has not settled after ${String(ms)} ms.`),
  );
  try {
    return await Promise.race([promise, late]);
  } finally {
    late.catch(() => undefined);
    done.abort();
  }
}

/** Stores small objects, each holding its own key. */
export async function putAll(provider: StorageProvider, keys: readonly string[]): Promise<void> {
  const waiting = keys.values();
  async function work(): Promise<void> {
    for (const key of waiting) await provider.put(objectKey(key), bodyOf(key));
  }
  await Promise.all(Array.from({ length: PUTS_AT_ONCE }, work));
}

export async function putText(provider: StorageProvider, key: string, text: string): Promise<ObjectKey> {
  const name = objectKey(key);
  await provider.put(name, bodyOf(text));
  return name;
}

export async function listAll(provider: StorageProvider, options?: ListOptions): Promise<ObjectStat[]> {
  const all: ObjectStat[] = [];
  for await (const batch of provider.list(options)) {
    assert.ok(batch.length > 0, 'No batch may be empty.');
    all.push(...batch);
  }
  return all;
}

/** The names of one level, in the order in which they come. */
export async function levelNames(provider: StorageProvider, options?: LevelOptions): Promise<string[]> {
  const names: string[] = [];
  for await (const batch of provider.listLevel(options)) {
    assert.ok(batch.length > 0, 'No batch may be empty.');
    names.push(...batch.map(entryName));
  }
  return names;
}

export async function listedKeys(provider: StorageProvider, options?: ListOptions): Promise<string[]> {
  return (await listAll(provider, options)).map(({ key }) => key);
}

/** The strings in the order of their UTF-8 bytes, found without the code under test. */
export function inByteOrder(texts: readonly string[]): string[] {
  return [...texts].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

export async function readAll(body: Readable): Promise<Buffer> {
  return buffer(body);
}

/** The object is there, of that content, and so say `get` and `stat` alike. */
export async function assertHolds(
  provider: StorageProvider,
  key: ObjectKey,
  content: Buffer | string,
): Promise<void> {
  const expected = Buffer.from(content);
  const { body, stat } = await provider.get(listedAs(key));
  const found = await readAll(body);
  assert.equal(found.length, expected.length, `The size of ${key}`);
  assert.ok(found.equals(expected), `The content of ${key} is another.`);
  assert.equal(stat.size, expected.length);
  assert.equal((await provider.stat(listedAs(key))).size, expected.length);
}

/** What a failed put must leave: what was there before, whole, and nothing else. */
export async function assertOnlyHolds(
  context: ConformanceContext,
  key: ObjectKey,
  previous: Buffer | undefined,
): Promise<void> {
  const { provider } = context;
  if (previous === undefined) {
    await rejectsWith(context, 'NotFound', provider.stat(listedAs(key)));
    await rejectsWith(context, 'NotFound', provider.get(listedAs(key)));
    assert.deepEqual(await listedKeys(provider), []);
  } else {
    await assertHolds(provider, key, previous);
    assert.deepEqual(await listedKeys(provider), [key]);
  }
  assert.deepEqual([...((await context.orphans?.(key)) ?? [])], [], 'Nothing may be left behind.');
}

/** Two stats of one object. The content type is left out, and the time is compared to the second, as the contract has it. */
export function assertSameStat(actual: ObjectStat, expected: ObjectStat): void {
  assert.deepEqual(comparable(actual), comparable(expected));
}

function comparable({ key, size, lastModified, etag, md5 }: ObjectStat): object {
  return { key, size, lastModified: Math.floor(lastModified.getTime() / 1000), etag, md5 };
}
