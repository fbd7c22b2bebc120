import assert from 'node:assert/strict';
import { isCommonPrefix } from '../../../src/storage/contract/levels/level-entry.js';
import { listedAs } from '../../../src/storage/contract/listed-key.js';
import type { ConformanceCase } from '../conformance-case.js';
import { assertSameStat, inByteOrder, levelNames, putAll, putText, rejectsWith } from '../expectations.js';

const TREE = [
  'ab-c.csv',
  'ab.csv',
  'ab/cd.csv',
  'abc/de.csv',
  'abc/fg/h.csv',
  'dir.csv',
  'dir/1.csv',
  'dir/sub/2.csv',
  'dir/sub/deep/3.csv',
  'dir0/4.csv',
  'z.csv',
];
const PREFIXES = [
  '',
  'a',
  'ab',
  'ab/',
  'abc',
  'd',
  'dir',
  'dir/',
  'dir/s',
  'dir/sub/',
  'dir/sub',
  'x',
  'z.csv/',
];
const STARTS = [
  '',
  'a',
  'ab-c.csv',
  'ab/',
  'ab/c',
  'abc/',
  'dir',
  'dir/',
  'dir/1.csv',
  'dir/sub/',
  'dir/sub/deep/',
];

export const listLevelCases: readonly ConformanceCase[] = [
  {
    name: 'listLevel: agrees with a plain grouping for every prefix and startAfter',
    async run({ provider }) {
      await putAll(provider, TREE);
      for (const prefix of PREFIXES) {
        for (const startAfter of STARTS) {
          const expected = levelOf(TREE, prefix).filter((name) => name > startAfter); // ASCII alone
          const told = `prefix ${JSON.stringify(prefix)}, startAfter ${JSON.stringify(startAfter)}`;
          assert.deepEqual(await levelNames(provider, { prefix, startAfter }), expected, told);
        }
      }
    },
  },
  {
    name: 'listLevel: files and common prefixes are in one byte order',
    async run({ provider }) {
      await putAll(provider, ['a!/x', 'a-b', 'a-b.c/x', 'a.b', 'a/b', 'a0', 'x\uE000/1', 'x\u{1F3AD}']);
      const expected = ['a!/', 'a-b', 'a-b.c/', 'a.b', 'a/', 'a0', 'x\uE000/', 'x\u{1F3AD}'];
      assert.deepEqual(await levelNames(provider), expected);
    },
  },
  {
    name: 'listLevel: a common prefix counts in the limit',
    async run({ provider }) {
      await putAll(provider, TREE);
      assert.deepEqual(await levelNames(provider, { limit: 0 }), []);
      assert.deepEqual(await levelNames(provider, { limit: 3 }), ['ab-c.csv', 'ab.csv', 'ab/']);
      assert.deepEqual(await levelNames(provider, { prefix: 'dir/', limit: 2 }), ['dir/1.csv', 'dir/sub/']);
    },
  },
  {
    name: 'listLevel: each file equals stat',
    async run({ provider }) {
      await putAll(provider, TREE);
      for await (const batch of provider.listLevel({ prefix: 'dir/' })) {
        for (const entry of batch) {
          if (!isCommonPrefix(entry)) assertSameStat(entry, await provider.stat(entry.key));
        }
      }
    },
  },
  {
    name: 'listLevel: a directory in which nothing is left is not there',
    async run({ provider }) {
      await putAll(provider, ['a.csv', 'full/deep/b.csv']);
      const gone = await putText(provider, 'gone/deep/c.csv', 'c');
      assert.deepEqual(await levelNames(provider), ['a.csv', 'full/', 'gone/']);
      await provider.remove([listedAs(gone)]);
      assert.deepEqual(await levelNames(provider), ['a.csv', 'full/']);
      assert.deepEqual(await levelNames(provider, { prefix: 'gone/' }), []);
    },
  },
  {
    name: 'listLevel: 450 entries come completely, whatever the pages',
    async run({ provider }) {
      const keys = Array.from({ length: 450 }, (_, i) => {
        const name = String(i).padStart(5, '0');
        return i % 3 === 0 ? `${name}/x` : name;
      });
      await putAll(provider, keys);
      const expected = levelOf(keys, '');
      assert.deepEqual(await levelNames(provider), expected);
      const pages: string[] = [];
      for (let page = ['']; page.length > 0;) {
        page = await levelNames(provider, { startAfter: pages.at(-1), limit: 200 });
        pages.push(...page);
      }
      assert.deepEqual(pages, expected);
    },
  },
  {
    name: 'listLevel: a signal that has fired ends it with Aborted',
    async run(context) {
      await putText(context.provider, 'a.csv', 'a');
      const listing = levelNames(context.provider, { signal: AbortSignal.abort() });
      await rejectsWith(context, 'Aborted', listing);
    },
  },
];

/** The level by the definition: every key up to its first slash behind the prefix. */
function levelOf(keys: readonly string[], prefix: string): string[] {
  const names = keys
    .filter((key) => key.startsWith(prefix))
    .map((key) => {
      const slash = key.indexOf('/', prefix.length);
      return slash === -1 ? key : key.slice(0, slash + 1);
    });
  return inByteOrder([...new Set(names)]);
}
