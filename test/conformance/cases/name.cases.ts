import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { keyFromBytes } from '../../../src/storage/contract/key-bytes.js';
import { listedKey } from '../../../src/storage/contract/listed-key.js';
import { objectKey } from '../../../src/storage/contract/object-key.js';
import { bodyOf } from '../bodies.js';
import type { ConformanceCase, ConformanceContext } from '../conformance-case.js';
import { listAll, listedKeys, putAll, putText } from '../expectations.js';

/** Each begins with a name that somebody could take the others for. */
const NEIGHBOURS: readonly (readonly string[])[] = [
  ['a/b.csv', 'a//b.csv', '/a/b.csv', 'a/./b.csv', 'a/x/../b.csv', '//a/b.csv', 'a/b.csv/'],
  ['lead.csv', '/lead.csv', './lead.csv', ' lead.csv', 'lead.csv ', 'lead.csv\t'],
  ['x', '\\x', 'C:x', 'x:', 'x\n', 'x\r\n', 'x\x7f', 'x\0'],
  ['caf\u00e9', 'cafe\u0301', 'CAF\u00c9', 'caf\xc3\xa9'],
  ['\uFFFD', '\xff', '\xfe', '\uFDD0FF', '\uFDD0'],
  ['n'.repeat(255), 'n'.repeat(256), 'n'.repeat(300), 'n'.repeat(1000)],
  ['100%', '100%25', '100%2525', '100+', '100 ', '100%20'],
];

/** What is written by their bytes; all else is UTF-8. */
const BYTES = new Set(['caf\xc3\xa9', '\xff', '\xfe']);

const bytesOf = (name: string): Buffer => Buffer.from(name, BYTES.has(name) ? 'latin1' : 'utf8');
const written = (name: string): string => keyFromBytes(bytesOf(name));

export const nameCases: readonly ConformanceCase[] = [
  ...NEIGHBOURS.map((names): ConformanceCase => ({
    name: `names: each of ${JSON.stringify(names.map((name) => name.slice(0, 12)))} is itself alone`,
    needsPlanting: true,
    run: (context) => areApart(context, names),
  })),
  {
    name: 'names: bytes that are no UTF-8 are listed in their order, resumed at and removed',
    needsPlanting: true,
    async run(context) {
      const keys = [
        'a',
        'a\x80',
        'a\xc3',
        'a\xc3\xa9',
        'a\xc3\xff',
        'a\xed\xa0\x80',
        'a\xef\xb7\x90',
        'a\xf0\x9f\x8e\xad',
        'a\xff/b',
        'b',
      ];
      const planted = await plantAll(
        context,
        keys.map((key) => Buffer.from(key, 'latin1')),
      );
      assert.deepEqual(await listedKeys(context.provider), planted);
      for (const [index, key] of planted.entries()) {
        const rest = planted.slice(index + 1);
        assert.deepEqual(await listedKeys(context.provider, { startAfter: key, limit: 100 }), rest);
        assert.ok((await listedKeys(context.provider, { prefix: key })).includes(key), key);
      }
      await removesAll(context);
    },
  },
  {
    name: 'names: an escape that stands for no bytes names nothing',
    async run(context) {
      await putAll(context.provider, ['a', 'FF']);
      for (const name of ['\uFDD061', '\uFDD0', '\uFDD0ff', '\uFDD0C3\uFDD0A9', '\uFDD0FF']) {
        await isNotThere(context, name);
      }
      assert.deepEqual(await listedKeys(context.provider), ['FF', 'a']);
    },
  },
  {
    name: 'list: shows an object with content that ends in a slash, and no marker unless it is asked for',
    needsPlanting: true,
    async run(context) {
      const { provider, plant } = context;
      const isKept = (await plant?.(Buffer.from('report/'), 'content')) === true;
      const isMarked = (await plant?.(Buffer.from('dir/'), '')) === true;
      await putText(provider, 'z', 'z');
      assert.deepEqual(await listedKeys(provider), isKept ? ['report/', 'z'] : ['z']);
      const all = ['dir/', 'report/', 'z'].slice(isMarked ? 0 : isKept ? 1 : 2);
      assert.deepEqual(await listedKeys(provider, { markers: true }), all);
      await removesAll(context);
    },
  },
  {
    name: 'put: what is stored is listed, also where its name is that of a directory or below a file',
    async run({ provider }) {
      for (const [first, second] of [
        ['year', 'year/2026.csv'],
        ['month/1/a', 'month'],
        ['x/y', 'x/y/z/a'],
      ] as const) {
        await putText(provider, first, first);
        const stored = await provider.put(objectKey(second), bodyOf(second)).then(
          () => true,
          (error: unknown) => refusedAsTaken(error),
        );
        const expected = stored ? [first, second].toSorted() : [first];
        assert.deepEqual(await listedKeys(provider), expected, second);
        await provider.remove([first, second].map(listedKey));
        assert.deepEqual(await listedKeys(provider), []);
      }
    },
  },
  {
    name: 'put: of two at once of which a listing shows only one, one is refused',
    async run({ provider }) {
      for (let round = 0; round < 5; round++) {
        const names = [`year${String(round)}`, `year${String(round)}/2026.csv`];
        const outcomes = await Promise.allSettled(
          names.map((name) => provider.put(objectKey(name), bodyOf(name))),
        );
        for (const outcome of outcomes) if (outcome.status === 'rejected') refusedAsTaken(outcome.reason);
        const stored = names.filter((_, index) => outcomes[index]?.status === 'fulfilled');
        assert.deepEqual(await listedKeys(provider, { prefix: names[0] ?? '' }), stored);
      }
    },
  },
  {
    name: 'remove: with an etag takes that object, and no other one of its name',
    async run({ provider }) {
      const key = listedKey(await putText(provider, 'a.csv', 'one'));
      const { etag } = await provider.stat(key);
      await putText(provider, 'a.csv', 'another');
      const { removed, failures } = await provider.remove([key], { etag: etag ?? '' });
      assert.deepEqual([removed, failures.map(({ error }) => error.kind)], [0, ['PreconditionFailed']]);
      assert.deepEqual(await listedKeys(provider), ['a.csv']);
      const now = (await provider.stat(key)).etag ?? '';
      assert.deepEqual(await provider.remove([key], { etag: now }), { removed: 1, failures: [] });
      assert.deepEqual(await provider.remove([key], { etag: now }), { removed: 1, failures: [] });
      assert.deepEqual(await listedKeys(provider), []);
    },
  },
];

function refusedAsTaken(error: unknown): false {
  assert.equal((error as { kind?: string }).kind, 'AlreadyExists', String(error));
  return false;
}

async function areApart(context: ConformanceContext, names: readonly string[]): Promise<void> {
  const planted = new Set(await plantAll(context, names.map(bytesOf)));
  assert.deepEqual(new Set(await listedKeys(context.provider)), planted);
  for (const name of names.map(written)) {
    if (!planted.has(name)) await isNotThere(context, name);
    else
      assert.deepEqual(
        [await contentOf(context, name), (await context.provider.stat(listedKey(name))).key],
        [name, name],
      );
  }
  for (const name of names.map(written)) {
    const removing = context.provider.remove([listedKey(name)]);
    planted.delete(name);
    await removing;
    assert.deepEqual(new Set(await listedKeys(context.provider)), planted, `after ${JSON.stringify(name)}`);
  }
}

/** @returns the names of those that the store has taken, in byte order. */
async function plantAll({ plant }: ConformanceContext, keys: readonly Buffer[]): Promise<string[]> {
  const planted: string[] = [];
  for (const key of keys.toSorted((a, b) => Buffer.compare(a, b))) {
    const name = keyFromBytes(key);
    if ((await plant?.(key, name)) === true) planted.push(name);
  }
  return planted;
}

async function contentOf({ provider }: ConformanceContext, name: string): Promise<string> {
  return (await buffer((await provider.get(listedKey(name))).body)).toString();
}

/** A name that leads elsewhere may be refused instead. */
async function isNotThere(context: ConformanceContext, name: string): Promise<void> {
  const isDotted = name.split('/').some((component) => component === '.' || component === '..');
  const kind = isDotted && !context.provider.capabilities.dotComponents ? 'InvalidKey' : 'NotFound';
  for (const read of ['get', 'stat'] as const) {
    const [outcome] = await Promise.allSettled([context.provider[read](listedKey(name))]);
    const told = outcome.status === 'fulfilled' ? 'found' : (outcome.reason as { kind?: string }).kind;
    assert.equal(told, kind, `${read} ${JSON.stringify(name)}`);
  }
}

async function removesAll({ provider }: ConformanceContext): Promise<void> {
  const keys = (await listAll(provider, { markers: true })).map(({ key }) => key);
  assert.deepEqual(await provider.remove(keys), { removed: keys.length, failures: [] });
  assert.deepEqual(await listedKeys(provider, { markers: true }), []);
}
