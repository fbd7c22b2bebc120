import assert from 'node:assert/strict';
import { listedAs, listedKey } from '../../../src/storage/contract/listed-key.js';
import type { ListOptions, StorageProvider } from '../../../src/storage/contract/storage-provider.js';
import type { ConformanceCase } from '../conformance-case.js';
import { assertSameStat, inByteOrder, listAll, listedKeys, putAll, putText } from '../expectations.js';

const TREE = [
  'ab',
  'ab-c.csv',
  'ab.csv',
  'abc/de.csv',
  'abc/de/f.csv',
  'dir.csv',
  'dir/1.csv',
  'dir/2.csv',
  'dir/sub/3.csv',
  'dir0.csv',
  'z.csv',
];
const STARTS = ['', 'a', 'ab', 'abc/', 'abc/de', 'dir', 'dir.', 'dir/', 'dir/15', 'dir/2.csv', 'dir/sub'];
const PREFIXES = ['', 'a', 'ab', 'ab.csv', 'abc/', 'abc/de', 'd', 'dir', 'dir/', 'dir/s', 'dir/sub/', 'x'];

interface Listing {
  readonly name: string;
  readonly options: ListOptions;
  readonly keys: readonly string[];
}

const LISTINGS: readonly Listing[] = [
  { name: 'is flat and recursive', options: {}, keys: TREE },
  { name: 'an empty prefix matches everything', options: { prefix: '' }, keys: TREE },
  {
    name: 'a prefix is a plain string, not a directory',
    options: { prefix: 'ab' },
    keys: ['ab', 'ab-c.csv', 'ab.csv', 'abc/de.csv', 'abc/de/f.csv'],
  },
  { name: 'a prefix can be a whole key', options: { prefix: 'dir/1.csv' }, keys: ['dir/1.csv'] },
  {
    name: 'a prefix can end in the middle of a component',
    options: { prefix: 'dir/s' },
    keys: ['dir/sub/3.csv'],
  },
  {
    name: 'a prefix that ends in a slash matches what lies below',
    options: { prefix: 'dir/' },
    keys: ['dir/1.csv', 'dir/2.csv', 'dir/sub/3.csv'],
  },
  { name: 'a prefix without a match lists nothing', options: { prefix: 'dir/x' }, keys: [] },
  { name: 'a prefix below an object lists nothing', options: { prefix: 'z.csv/' }, keys: [] },
  {
    name: 'startAfter can be a key, which is left out',
    options: { startAfter: 'dir/1.csv' },
    keys: ['dir/2.csv', 'dir/sub/3.csv', 'dir0.csv', 'z.csv'],
  },
  {
    name: 'startAfter need not be a key',
    options: { startAfter: 'dir/15' },
    keys: ['dir/2.csv', 'dir/sub/3.csv', 'dir0.csv', 'z.csv'],
  },
  {
    name: 'startAfter can be a key that others begin with',
    options: { startAfter: 'ab' },
    keys: TREE.slice(1),
  },
  { name: 'startAfter can be a directory', options: { startAfter: 'dir' }, keys: TREE.slice(5) },
  { name: 'startAfter can end in a slash', options: { startAfter: 'dir/' }, keys: TREE.slice(6) },
  { name: 'startAfter can be empty', options: { startAfter: '' }, keys: TREE },
  { name: 'startAfter the last key lists nothing', options: { startAfter: 'z.csv' }, keys: [] },
  {
    name: 'startAfter can lie before every key of the prefix',
    options: { prefix: 'dir/', startAfter: 'abc' },
    keys: ['dir/1.csv', 'dir/2.csv', 'dir/sub/3.csv'],
  },
  {
    name: 'startAfter can lie behind every key of the prefix',
    options: { prefix: 'dir/', startAfter: 'dir0' },
    keys: [],
  },
  {
    name: 'prefix, startAfter and limit work together',
    options: { prefix: 'dir', startAfter: 'dir.csv', limit: 2 },
    keys: ['dir/1.csv', 'dir/2.csv'],
  },
  { name: 'a limit of 1 lists the first object', options: { limit: 1 }, keys: ['ab'] },
  { name: 'a limit of 0 lists nothing', options: { limit: 0 }, keys: [] },
  { name: 'a limit above the number of objects lists all', options: { limit: 50 }, keys: TREE },
];

// MinIO never lists `abc/de/f.csv` beside an object `abc/de`: no key of the tree lies below another.
const listingCases = LISTINGS.map(({ name, options, keys }): ConformanceCase => ({
  name: `list: ${name}`,
  async run({ provider }) {
    await putTree(provider);
    assert.deepEqual(await listedKeys(provider, options), keys);
  },
}));

export const listCases: readonly ConformanceCase[] = [
  ...listingCases,
  {
    name: 'list: agrees with a plain filter for every prefix and startAfter',
    async run({ provider }) {
      await putTree(provider);
      for (const prefix of PREFIXES) {
        for (const startAfter of STARTS) {
          const expected = TREE.filter((key) => key.startsWith(prefix) && key > startAfter);
          const told = `prefix ${JSON.stringify(prefix)}, startAfter ${JSON.stringify(startAfter)}`;
          assert.deepEqual(await listedKeys(provider, { prefix, startAfter }), expected, told);
        }
      }
    },
  },
  {
    name: 'list: a prefix that no key can have matches nothing',
    async run({ provider }) {
      await putTree(provider);
      for (const prefix of ['/', './', '../', 'dir//', 'dir/../', 'dir/./']) {
        assert.deepEqual(await listedKeys(provider, { prefix }), [], JSON.stringify(prefix));
      }
    },
  },
  {
    name: 'list: an empty root is empty, and so is a prefix of nothing',
    async run({ provider }) {
      assert.deepEqual(await listAll(provider), []);
      assert.deepEqual(await listAll(provider, { prefix: 'dir/sub/' }), []);
      assert.deepEqual(await listAll(provider, { prefix: 'dir', startAfter: 'dir/a', limit: 10 }), []);
    },
  },
  {
    name: 'list: orders by bytes, so that a slash sorts between a dot and a zero',
    run: ({ provider }) =>
      assertOrder(provider, ['a!/x', 'a-b', 'a-b.c/x', 'a.b', 'a/b', 'a/b-c/d', 'a/c', 'a0', 'ab']),
  },
  {
    name: 'list: orders upper case before lower case, and ASCII before the rest',
    run: ({ provider }) =>
      assertOrder(provider, ['10', '9', 'B.csv', 'Z/1', '_x', 'a.csv', 'c d', 'y', '~', 'Ä', 'é/1', '日本']),
  },
  {
    name: 'list: orders characters beyond U+FFFF after those below, as their bytes do',
    run: ({ provider }) =>
      assertOrder(provider, [
        'x\uD7A3',
        'x\uE000/1',
        'x\uFB00',
        'x\uFF5E.csv',
        'x\u{10000}',
        'x\u{1F3AD}/1',
        'x\u{10FFFD}',
      ]),
  },
  {
    name: 'list: startAfter counts bytes, not UTF-16 units',
    async run({ provider }) {
      await putAll(provider, ['\uE000', '\uFF5E', '\u{1F3AD}']);
      assert.deepEqual(await listedKeys(provider, { startAfter: '\uFF5E' }), ['\u{1F3AD}']);
      assert.deepEqual(await listedKeys(provider, { startAfter: '\u{1F3AD}' }), []);
    },
  },
  {
    name: 'list: each entry equals stat',
    async run({ provider }) {
      await putTree(provider);
      for (const entry of await listAll(provider)) {
        const stat = await provider.stat(entry.key);
        assertSameStat(entry, stat);
        assert.ok(entry.contentType === null || entry.contentType === stat.contentType);
      }
    },
  },
  {
    name: 'list: leaves out the entries of directories, among them emptied ones',
    async run({ provider }) {
      await putText(provider, 'dir/sub/a.csv', 'a');
      const gone = await putText(provider, 'dir/gone/b.csv', 'b');
      await provider.remove([listedAs(gone)]);
      assert.deepEqual(await listedKeys(provider), ['dir/sub/a.csv']);
      assert.deepEqual(await listedKeys(provider, { prefix: 'dir/gone' }), []);
    },
  },
  {
    name: 'list: shows at once what was put, overwritten and removed',
    async run({ provider }) {
      const key = await putText(provider, 'a.csv', 'one');
      await putText(provider, 'a.csv', 'longer');
      assert.deepEqual(
        (await listAll(provider)).map(({ size }) => size),
        [6],
      );
      await provider.remove([listedAs(key)]);
      assert.deepEqual(await listAll(provider), []);
    },
  },
  {
    name: 'list: a reader may stop after the first batch',
    async run({ provider }) {
      await putTree(provider);
      for (let i = 0; i < 5; i++) {
        for await (const batch of provider.list()) {
          assert.equal(batch[0]?.key, TREE[0]);
          break;
        }
      }
      assert.equal((await provider.stat(listedKey('ab'))).size, 2);
    },
  },
];

/** Backwards, so that the order of arrival is never the right one. */
async function putTree(provider: StorageProvider): Promise<void> {
  for (const key of TREE.toReversed()) await putText(provider, key, key);
}

async function assertOrder(provider: StorageProvider, keys: readonly string[]): Promise<void> {
  assert.deepEqual(inByteOrder(keys), keys, 'The table itself must be in order.');
  for (const key of keys.toReversed()) await putText(provider, key, key);
  assert.deepEqual(await listedKeys(provider), keys);
  for (const [index, key] of keys.entries()) {
    assert.deepEqual(await listedKeys(provider, { startAfter: key }), keys.slice(index + 1));
  }
}
