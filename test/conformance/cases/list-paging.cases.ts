import assert from 'node:assert/strict';
import { entryName, type LevelEntry } from '../../../src/storage/contract/levels/level-entry.js';
import type { ListOptions, StorageProvider } from '../../../src/storage/contract/storage-provider.js';
import type { ConformanceCase } from '../conformance-case.js';
import { inByteOrder, putAll } from '../expectations.js';

type List = (options: ListOptions) => AsyncIterable<readonly LevelEntry[]>;
type Method = 'list' | 'listLevel';

const METHODS: readonly Method[] = ['list', 'listLevel'];
const PAGE = 40;

const KEYS = inByteOrder(
  Array.from({ length: 250 }, (_, i) => `p/${String(i).padStart(4, '0')}${i % 4 === 0 ? '/x' : '.csv'}`),
);

export const listPagingCases: readonly ConformanceCase[] = METHODS.flatMap((method) => [
  {
    name: `${method}: a page size changes no entry`,
    async run({ provider }) {
      await putAll(provider, KEYS);
      const list = listOf(provider, method);
      const all = await namesOf(list({ prefix: 'p/' }));
      assert.equal(all.length, KEYS.length);
      for (const pageSize of [1, PAGE, 5_000]) {
        assert.deepEqual(await namesOf(list({ prefix: 'p/', pageSize })), all);
      }
    },
  },
  {
    name: `${method}: what it says of where it is resumes it there`,
    async run({ provider }) {
      await putAll(provider, KEYS);
      const list = listOf(provider, method);
      const all = await namesOf(list({ prefix: 'p/' }));
      for (const { point: resumePoint, seen } of await pointsOf(list)) {
        for (const further of [0, 3]) {
          const startAfter = all[seen - 1 + further];
          if (startAfter === undefined) continue;
          const resumed = await namesOf(list({ prefix: 'p/', startAfter, resumePoint, pageSize: PAGE }));
          assert.deepEqual(resumed, all.slice(seen + further));
        }
      }
    },
  },
  {
    name: `${method}: what it does not know to resume by is left aside`,
    async run({ provider }) {
      await putAll(provider, KEYS);
      const list = listOf(provider, method);
      const all = await namesOf(list({ prefix: 'p/' }));
      const resumed = await namesOf(
        list({ prefix: 'p/', startAfter: all[99], resumePoint: 'nothing of this store' }),
      );
      assert.deepEqual(resumed, all.slice(100));
    },
  },
]);

function listOf(provider: StorageProvider, method: Method): List {
  return (options) => provider[method](options);
}

async function namesOf(batches: AsyncIterable<readonly LevelEntry[]>): Promise<string[]> {
  const names: string[] = [];
  for await (const batch of batches) names.push(...batch.map(entryName));
  return names;
}

/** The points of one listing, and how many entries come before each. A store that has none tells none. */
async function pointsOf(list: List): Promise<readonly { readonly point: string; readonly seen: number }[]> {
  const points: { point: string; seen: number }[] = [];
  let seen = 0;
  let told: string | undefined;
  const onResumePoint = (point: string): void => {
    told = point;
  };
  for await (const batch of list({ prefix: 'p/', pageSize: PAGE, onResumePoint })) {
    seen += batch.length;
    if (told !== undefined) points.push({ point: told, seen });
    told = undefined;
  }
  return points;
}
