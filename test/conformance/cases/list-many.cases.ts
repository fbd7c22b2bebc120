import assert from 'node:assert/strict';
import type { ConformanceCase } from '../conformance-case.js';
import { inByteOrder, listAll, listedKeys, putAll, rejectsWith } from '../expectations.js';

export const listManyCases: readonly ConformanceCase[] = [
  {
    name: 'list: 2,500 objects come completely, whatever the pages and limits',
    async run({ provider }) {
      const keys = manyKeys(2_500);
      await putAll(provider, keys);
      assert.deepEqual(await listedKeys(provider), keys);
      assert.deepEqual(await listedKeys(provider, { prefix: 'b/', limit: 1_500 }), keys.slice(500, 2_000));
      for (const limit of [1_000, 1_001]) {
        const pages: string[] = [];
        for (let page = ['']; page.length > 0;) {
          page = await listedKeys(provider, { startAfter: pages.at(-1), limit });
          assert.ok(page.length <= limit);
          pages.push(...page);
        }
        assert.deepEqual(pages, keys);
      }
    },
  },
  {
    name: 'list: a signal that fires between two batches ends it with Aborted',
    async run(context) {
      const { provider } = context;
      await putAll(provider, manyKeys(1_100));
      const leaving = new AbortController();
      let seen = 0;
      const listing = async (): Promise<void> => {
        for await (const batch of provider.list({ signal: leaving.signal })) {
          seen += batch.length;
          leaving.abort(new Error('the client left'));
        }
      };
      await rejectsWith(context, 'Aborted', listing());
      assert.ok(seen < 1_100, 'A batch must not hold everything.');
    },
  },
  {
    name: 'list: removing each batch while listing reaches every object',
    async run({ provider }) {
      const keys = manyKeys(1_100);
      await putAll(provider, keys);
      const seen: string[] = [];
      for await (const batch of provider.list()) {
        seen.push(...batch.map(({ key }) => key));
        await provider.remove(batch.map(({ key }) => key));
      }
      assert.deepEqual(seen, keys);
      assert.deepEqual(await listAll(provider), []);
    },
  },
];

/** The first fifth lies in the root, the rest in two levels of directories. */
function manyKeys(count: number): string[] {
  return inByteOrder(
    Array.from({ length: count }, (_, i) => {
      const name = `${String(i).padStart(5, '0')}.csv`;
      return i % 5 === 0 ? `a${name}` : `b/${String(i % 7)}/${name}`;
    }),
  );
}
