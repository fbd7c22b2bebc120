import assert from 'node:assert/strict';
import type { StorageProvider, StoreFinding } from '../../../src/storage/contract/storage-provider.js';
import type { ConformanceCase } from '../conformance-case.js';
import { assertHolds, listedKeys, putText } from '../expectations.js';

export const inspectCases: readonly ConformanceCase[] = [
  {
    name: 'inspect: changes nothing, neither objects nor their number',
    needsInspection: true,
    async run({ provider }) {
      const keys = [await putText(provider, 'a.csv', 'one'), await putText(provider, 'dir/b.csv', 'two')];
      await findingsOf(provider);
      assert.deepEqual(await listedKeys(provider), keys);
      for (const [index, content] of ['one', 'two'].entries()) {
        await assertHolds(provider, keys[index] ?? assert.fail(), content);
      }
    },
  },
  {
    name: 'inspect: of an empty root makes nothing',
    needsInspection: true,
    async run({ provider }) {
      await findingsOf(provider);
      assert.deepEqual(await listedKeys(provider), []);
    },
  },
  {
    name: 'inspect: resolves to findings, each that is not well with a reason and an advice',
    needsInspection: true,
    async run({ provider }) {
      for (const { check, ok, reason, advice, endsCheck } of await findingsOf(provider)) {
        assert.ok(check !== '', 'A finding says what was looked at.');
        const isExplained = isSentence(reason) && isSentence(advice);
        assert.ok(ok || isExplained, `${check} is not well: it says why, and what to do.`);
        assert.ok(!ok || endsCheck === undefined, `${check} is well: more can be tried.`);
      }
    },
  },
];

function findingsOf(provider: StorageProvider): Promise<readonly StoreFinding[]> {
  return provider.inspect?.() ?? assert.fail('It has no inspect().');
}

function isSentence(text: string | undefined): boolean {
  return text !== undefined && text.length > 10;
}
