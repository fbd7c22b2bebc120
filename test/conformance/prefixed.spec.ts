import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listedAs, listedKey, type ListedKey } from '../../src/storage/contract/listed-key.js';
import { objectKey } from '../../src/storage/contract/object-key.js';
import { StorageError } from '../../src/storage/contract/storage-error.js';
import type { RemoveReport, StorageProvider } from '../../src/storage/contract/storage-provider.js';
import { PrefixedStorage } from '../../src/storage/decorators/prefixed-storage.js';
import { FsStorageProvider } from '../../src/storage/providers/fs/fs-storage.provider.js';
import { MemoryStorageProvider } from '../../src/storage/providers/memory/memory-storage.provider.js';
import { bodyOf, hangingBody } from './bodies.js';
import { assertHolds, listedKeys, putText } from './expectations.js';
import { plantIn } from './plant-in-memory.js';
import { WITH_COPY, WITH_MOVE, WITHOUT_PRESIGNING, WITHOUT_SMALL_LIMIT } from './cases/left-out.js';
import { runConformance } from './run-conformance.js';
import { RecordedCleanup } from './recorded-cleanup.js';

const PREFIX = 'stage/internal/mine/';
/** Just before the prefix, just after it, above it, and of names that begin like it. */
const NEIGHBOURS = [
  'stage/internal/mine',
  'stage/internal/mine.csv',
  'stage/internal/mine-too/a.csv',
  'stage/internal/mine0/a.csv',
  'stage/internal/min/a.csv',
  'stage/internal/a.csv',
  'a.csv',
  'zzz.csv',
];

/** A store whose objects cannot be removed. */
class RefusingStorage extends MemoryStorageProvider {
  override remove(keys: readonly ListedKey[]): Promise<RemoveReport> {
    const error = new StorageError('PermissionDenied', 'The store says no.');
    return Promise.resolve({ removed: 0, failures: keys.map((key) => ({ key, error })) });
  }
}

async function innerWithNeighbours(): Promise<MemoryStorageProvider> {
  const inner = new MemoryStorageProvider();
  for (const key of NEIGHBOURS) await putText(inner, key, key);
  return inner;
}

async function expectNeighbours(inner: StorageProvider): Promise<void> {
  for (const key of NEIGHBOURS) await assertHolds(inner, objectKey(key), key);
}

/** Every case of the suite has the neighbours beside it, and must leave them as they are. */
runConformance(
  'a prefix of a store',
  async () => {
    const inner = await innerWithNeighbours();
    return {
      provider: new PrefixedStorage(inner, PREFIX),
      plant: plantIn(inner, PREFIX),
      async dispose() {
        await expectNeighbours(inner);
        await inner.close();
      },
    };
  },
  [...WITHOUT_PRESIGNING, ...WITHOUT_SMALL_LIMIT, ...WITH_COPY, ...WITH_MOVE],
);

describe('a prefix of a store', () => {
  let inner: MemoryStorageProvider;
  let prefixed: PrefixedStorage;

  beforeEach(async () => {
    inner = await innerWithNeighbours();
    prefixed = new PrefixedStorage(inner, PREFIX);
  });

  afterEach(async () => {
    await expectNeighbours(inner);
    await inner.close();
  });

  it('keeps its objects under the prefix, and shows nothing else', async () => {
    await putText(prefixed, 'dir/b.csv', 'b');
    expect(await listedKeys(prefixed)).toEqual(['dir/b.csv']);
    expect(await listedKeys(inner, { prefix: PREFIX })).toEqual([`${PREFIX}dir/b.csv`]);
    await assertHolds(inner, objectKey(`${PREFIX}dir/b.csv`), 'b');
  });

  it('removes nothing of the same name outside', async () => {
    await putText(prefixed, 'a.csv', 'mine');
    const report = await prefixed.remove(['a.csv', 'zzz.csv'].map(listedKey));
    expect(report).toEqual({ removed: 2, failures: [] });
    expect(await listedKeys(prefixed)).toEqual([]);
  });

  it.each(['', 'a', 'mine', '-too', '0'])('lists nothing of its neighbours after %j', async (startAfter) => {
    expect(await listedKeys(prefixed, { startAfter })).toEqual([]);
  });

  it('knows objects by the names that it was given', async () => {
    const key = objectKey('dir/b.csv');
    const put = await prefixed.put(key, bodyOf('b'));
    const got = await prefixed.get(listedAs(key));
    got.body.destroy();
    expect([put.key, got.stat.key, (await prefixed.stat(listedAs(key))).key]).toEqual([key, key, key]);
  });

  it('counts itself in the longest key', async () => {
    const component = `${'x'.repeat(200)}/`;
    const room = 1024 - Buffer.byteLength(PREFIX);
    const longest = component.repeat(5).slice(0, room - 1) + 'y';
    expect(Buffer.byteLength(PREFIX + longest)).toBe(1024);
    await putText(prefixed, longest, 'x');
    const body = bodyOf('x');
    const tooLong = prefixed.put(objectKey(`${longest}y`), body);
    await expect(tooLong).rejects.toMatchObject({ kind: 'InvalidKey' });
    expect(body.destroyed).toBe(true);
    // What is there may have a longer one.
    await expect(prefixed.stat(listedKey(`${longest}y`))).rejects.toMatchObject({ kind: 'NotFound' });
    await expect(prefixed.get(listedKey(`${longest}y`))).rejects.toMatchObject({ kind: 'NotFound' });
  });

  it('reports a failed removal by the name that it was given', async () => {
    const failing = new PrefixedStorage(new RefusingStorage(), PREFIX);
    const { failures } = await failing.remove([listedKey('dir/b.csv')]);
    expect(failures.map(({ key }) => key)).toEqual(['dir/b.csv']);
  });

  it.each([
    ['with content', 'content'],
    ['that marks it', ''],
  ])('shows no object of its own name %s, whatever the limit', async (_which, content) => {
    inner.plant(PREFIX, Buffer.from(content));
    await putText(prefixed, 'a.csv', 'a');
    for (const limit of [1, 2, undefined]) expect(await listedKeys(prefixed, { limit })).toEqual(['a.csv']);
    const withMarkers = await listedKeys(prefixed, { markers: true, limit: 2 });
    expect(withMarkers).toEqual(['', 'a.csv']);
    await prefixed.remove([listedKey('')]);
    expect(await listedKeys(prefixed, { markers: true })).toEqual(['a.csv']);
  });

  it('leaves the store open: others are on it', async () => {
    await putText(prefixed, 'a.csv', 'mine');
    await prefixed.close();
    await assertHolds(inner, objectKey(`${PREFIX}a.csv`), 'mine');
  });
});

describe('a prefix of a directory', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stagedoor-prefixed-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('notes a key as the directory knows it, which then removes what was left', async () => {
    const inner = new FsStorageProvider(folder);
    const prefixed = new PrefixedStorage(inner, PREFIX);
    const notes = new RecordedCleanup();
    const { body, starved } = hangingBody(Buffer.from('half'));
    const putting = Promise.allSettled([prefixed.put(objectKey('a.csv'), body, { cleanupLog: notes })]);
    await starved;
    expect(await readdir(join(folder, '.stagedoor-unfinished'))).toHaveLength(1);
    expect(notes.last?.key).toBe(`${PREFIX}a.csv`);
    for (const remover of [inner, prefixed]) await remover.removeOrphan(notes.last ?? { key: '' });
    expect(await readdir(join(folder, '.stagedoor-unfinished'))).toEqual([]);
    body.destroy();
    await putting;
  });
});
