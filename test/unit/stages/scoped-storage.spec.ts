import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { ScopedStorage } from '../../../src/stages/files/scoped-storage.js';
import { entryName } from '../../../src/storage/contract/levels/level-entry.js';
import { listedKey } from '../../../src/storage/contract/listed-key.js';
import { objectKey } from '../../../src/storage/contract/object-key.js';
import type { StorageProvider } from '../../../src/storage/contract/storage-provider.js';
import { MemoryStorageProvider } from '../../../src/storage/providers/memory/memory-storage.provider.js';
import { ofKind } from '../of-kind.js';

const IN = ['team/a', 'team/b/c'];
const OUT = ['other', 'team', 'teams/a', 'Team/a', 'a/team/b'];
const OUTSIDE = ofKind('TokenScope', {
  message: 'Permission denied: the API token of this request is limited to names that begin with "team/".',
});

let inner: MemoryStorageProvider;
let scoped: StorageProvider;

beforeEach(async () => {
  inner = new MemoryStorageProvider();
  scoped = new ScopedStorage(inner, 'team/');
  for (const name of [...IN, ...OUT]) await inner.put(objectKey(name), Readable.from([Buffer.from(name)]));
});

afterEach(() => inner.close());

async function names(
  storage: StorageProvider,
  options?: Parameters<StorageProvider['list']>[0],
): Promise<string[]> {
  const keys: string[] = [];
  for await (const batch of storage.list(options)) keys.push(...batch.map(({ key }) => key));
  return keys;
}

async function levelNames(
  storage: StorageProvider,
  options?: Parameters<StorageProvider['listLevel']>[0],
): Promise<string[]> {
  const found: string[] = [];
  for await (const batch of storage.listLevel(options)) found.push(...batch.map(entryName));
  return found;
}

describe('the storage of a token with a prefix', () => {
  it.each(IN)('does all with %s that its store does', async (name) => {
    const key = listedKey(name);
    expect(await text((await scoped.get(key)).body)).toBe(name);
    expect((await scoped.stat(key)).size).toBe(name.length);
    await scoped.put(objectKey(name), Readable.from([Buffer.from('new')]));
    expect(await text((await inner.get(key)).body)).toBe('new');
    expect((await scoped.remove([key])).failures).toEqual([]);
    await expect(inner.stat(key)).rejects.toThrow(ofKind('NotFound'));
  });

  it.each(OUT)('refuses all with %s, and changes nothing', async (name) => {
    const key = listedKey(name);
    await expect(scoped.get(key)).rejects.toThrow(OUTSIDE);
    await expect(scoped.stat(key)).rejects.toThrow(OUTSIDE);
    await expect(scoped.put(objectKey(name), Readable.from([Buffer.from('new')]))).rejects.toThrow(OUTSIDE);
    for (const method of ['GET', 'PUT'] as const) {
      const target = method === 'GET' ? { method, key } : { method, key: objectKey(name) };
      await expect(scoped.presign(target, { expiresInSeconds: 60 })).rejects.toThrow(OUTSIDE);
    }
    await expect(scoped.remove([listedKey('team/a'), key])).rejects.toThrow(OUTSIDE);
    expect(await text((await inner.get(key)).body)).toBe(name);
    expect((await names(inner)).length).toBe(IN.length + OUT.length);
  });

  it('refuses in the same way what is not there: nobody learns which names there are', async () => {
    await expect(scoped.get(listedKey('nothing'))).rejects.toThrow(OUTSIDE);
    await expect(scoped.get(listedKey('team/nothing'))).rejects.toThrow(ofKind('NotFound'));
  });

  it('does not read a body that it refuses, and lets no error of it escape', async () => {
    const body = new Readable({ read: () => undefined });
    await expect(scoped.put(objectKey('other'), body)).rejects.toThrow(OUTSIDE);
    expect(body.destroyed).toBe(true);
    body.emit('error', new Error('late'));
  });

  it.each<[string | undefined, string[]]>([
    [undefined, IN],
    ['', IN],
    ['te', IN],
    ['team/', IN],
    ['team/b', ['team/b/c']],
    ['team/x', []],
    ['teams', []],
    ['other', []],
  ])('lists below %j what is in the scope', async (prefix, expected) => {
    expect(await names(scoped, prefix === undefined ? undefined : { prefix })).toEqual(expected);
  });

  it('keeps the other options of a listing', async () => {
    expect(await names(scoped, { prefix: 't', startAfter: listedKey('team/a') })).toEqual(['team/b/c']);
    expect(await names(scoped, { limit: 1 })).toEqual(['team/a']);
  });

  it.each<[string, string[]]>([
    ['', ['team/']],
    ['te', ['team/']],
    ['team/', ['team/a', 'team/b/']],
    ['team/b/', ['team/b/c']],
    ['teams', []],
    ['other', []],
  ])('shows of the level %j the scope, or the way to it', async (prefix, expected) => {
    expect(await levelNames(scoped, { prefix })).toEqual(expected);
  });

  it('shows no way to a scope in which there is nothing', async () => {
    expect(await levelNames(new ScopedStorage(inner, 'empty/'))).toEqual([]);
  });

  it('shows a scope that ends in the middle of a name as such', async () => {
    expect(await levelNames(new ScopedStorage(inner, 'team/b'), { prefix: 'team/' })).toEqual(['team/b/']);
  });

  it('keeps the other options of a level, on the way too', async () => {
    expect(await levelNames(scoped, { startAfter: 'team/' })).toEqual([]);
    expect(await levelNames(scoped, { limit: 0 })).toEqual([]);
    expect(await levelNames(scoped, { prefix: 'team/', startAfter: 'team/a' })).toEqual(['team/b/']);
  });

  it('is that of its store in all else', () => {
    expect(scoped.scheme).toBe('memory');
    expect(scoped.capabilities).toBe(inner.capabilities);
  });
});
