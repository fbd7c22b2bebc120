import assert from 'node:assert/strict';
import { listedAs, listedKey } from '../../../src/storage/contract/listed-key.js';
import { objectKey } from '../../../src/storage/contract/object-key.js';
import type { ConformanceCase } from '../conformance-case.js';
import { assertHolds, inByteOrder, listedKeys, putAll, putText, rejectsWith } from '../expectations.js';

export const removeCases: readonly ConformanceCase[] = [
  {
    name: 'remove: an object is gone from get, stat and list',
    async run(context) {
      const { provider } = context;
      const key = await putText(provider, 'dir/a.csv', 'a');
      assert.deepEqual(await provider.remove([listedAs(key)]), { removed: 1, failures: [] });
      await rejectsWith(context, 'NotFound', provider.get(listedAs(key)));
      await rejectsWith(context, 'NotFound', provider.stat(listedAs(key)));
      assert.deepEqual(await listedKeys(provider), []);
    },
  },
  {
    name: 'remove: takes 2,100 keys at once',
    async run({ provider }) {
      const keys = Array.from({ length: 2_100 }, (_, i) => `dir/${String(i % 3)}/${String(i)}.csv`);
      await putAll(provider, [...keys, 'dir/stays.csv']);
      const report = await provider.remove(keys.map(listedKey));
      assert.deepEqual(
        { removed: report.removed, failures: report.failures.length },
        { removed: 2_100, failures: 0 },
      );
      assert.deepEqual(await listedKeys(provider), ['dir/stays.csv']);
    },
  },
  {
    name: 'remove: removing what is not there succeeds and counts',
    async run({ provider }) {
      const absent = ['a.csv', 'dir/a.csv', 'deep/er/still'].map(objectKey);
      assert.deepEqual(await provider.remove(absent.map(listedAs)), { removed: 3, failures: [] });
      await putAll(provider, absent);
      assert.deepEqual(await provider.remove(absent.map(listedAs)), { removed: 3, failures: [] });
      assert.deepEqual(await provider.remove(absent.map(listedAs)), { removed: 3, failures: [] });
    },
  },
  {
    name: 'remove: takes present and absent keys together',
    async run({ provider }) {
      await putAll(provider, ['a.csv', 'dir/b.csv', 'dir/stays.csv']);
      const keys = ['absent', 'a.csv', 'dir/absent', 'dir/b.csv', 'no/such/dir'].map(objectKey);
      assert.deepEqual(await provider.remove(keys.map(listedAs)), { removed: 5, failures: [] });
      assert.deepEqual(await listedKeys(provider), ['dir/stays.csv']);
    },
  },
  {
    name: 'remove: takes the same key twice',
    async run({ provider }) {
      const key = await putText(provider, 'a.csv', 'a');
      const report = await provider.remove([listedAs(key), listedAs(key)]);
      assert.ok(report.removed === 1 || report.removed === 2);
      assert.deepEqual(report.failures, []);
      assert.deepEqual(await listedKeys(provider), []);
    },
  },
  {
    name: 'remove: takes no keys at all',
    async run({ provider }) {
      await putText(provider, 'a.csv', 'a');
      assert.deepEqual(await provider.remove([]), { removed: 0, failures: [] });
      assert.deepEqual(await listedKeys(provider), ['a.csv']);
    },
  },
  {
    name: 'remove: leaves the neighbours whose names begin with the key',
    async run({ provider }) {
      const stay = inByteOrder(['a.csv', 'a.csv.gz', 'a-b', 'ab', 'abc/d', 'b/a']);
      await putAll(provider, ['a', ...stay]);
      await provider.remove([listedKey('a')]);
      assert.deepEqual(await listedKeys(provider), stay);
    },
  },
  {
    name: 'remove: the name of a directory is not there, and what lies below stays',
    async run({ provider }) {
      const below = await putText(provider, 'dir/sub/a.csv', 'a');
      const names = [objectKey('dir'), objectKey('dir/sub')];
      assert.deepEqual(await provider.remove(names.map(listedAs)), { removed: 2, failures: [] });
      await assertHolds(provider, below, 'a');
    },
  },
  {
    name: 'remove: a name below an object is not there, and the object stays',
    async run({ provider }) {
      const key = await putText(provider, 'dir/a', 'a');
      assert.deepEqual(await provider.remove([listedKey('dir/a/b')]), { removed: 1, failures: [] });
      await assertHolds(provider, key, 'a');
    },
  },
  {
    name: 'remove: an emptied directory gives its name free for an object',
    async run({ provider }) {
      const keys = ['x/y/1.csv', 'x/y/2.csv', 'x/z.csv'];
      await putAll(provider, keys);
      await provider.remove(keys.map(listedKey));
      await assertHolds(provider, await putText(provider, 'x', 'now an object'), 'now an object');
      assert.deepEqual(await listedKeys(provider), ['x']);
    },
  },
  {
    name: 'remove: a removed object gives its name free for a directory',
    async run({ provider }) {
      await provider.remove([listedAs(await putText(provider, 'x', 'an object'))]);
      await assertHolds(provider, await putText(provider, 'x/y', 'below'), 'below');
      assert.deepEqual(await listedKeys(provider), ['x/y']);
    },
  },
  {
    name: 'remove: emptying a directory does not disturb a put into it',
    async run({ provider }) {
      for (let i = 0; i < 30; i++) {
        const leaving = await putText(provider, 'd/e/leaving.csv', 'leaving');
        const [coming] = await Promise.all([
          putText(provider, 'd/e/coming.csv', String(i)),
          provider.remove([listedAs(leaving)]),
        ]);
        await assertHolds(provider, coming, String(i));
        await provider.remove([listedAs(coming)]);
      }
      assert.deepEqual(await listedKeys(provider), []);
    },
  },
  {
    name: 'remove: two that remove the same keys both succeed',
    async run({ provider }) {
      const keys = Array.from({ length: 50 }, (_, i) => `dir/${String(i)}`);
      await putAll(provider, keys);
      const reports = await Promise.all([1, 2].map(() => provider.remove(keys.map(listedKey))));
      for (const report of reports) assert.deepEqual(report, { removed: 50, failures: [] });
      assert.deepEqual(await listedKeys(provider), []);
    },
  },
];
