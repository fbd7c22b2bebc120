import { listedAs } from '../../src/storage/contract/listed-key.js';
import type { StorageProvider } from '../../src/storage/contract/storage-provider.js';
import { MemoryStorageProvider } from '../../src/storage/providers/memory/memory-storage.provider.js';
import { applies, conformanceCases, runCase, type ConformanceCase } from './conformance-suite.js';
import { delegateTo, type Liar } from './liars/liar.js';
import { leftoverLiars } from './liars/leftover.liars.js';
import { listLiars } from './liars/list.liars.js';
import { memoryLiars } from './liars/memory.liars.js';
import { nameLiars } from './liars/name.liars.js';
import { otherLiars } from './liars/other.liars.js';
import { putConditionLiars } from './liars/put-condition.liars.js';
import { putContentLiars } from './liars/put-content.liars.js';
import { putLiars } from './liars/put.liars.js';
import { plantIn } from './plant-in-memory.js';

const liars: readonly Liar[] = [
  ...putLiars,
  ...putConditionLiars,
  ...putContentLiars,
  ...leftoverLiars,
  ...memoryLiars,
  ...listLiars,
  ...otherLiars,
  ...nameLiars,
];

/** It takes every body, and is always empty. */
function storingNothing(honest: MemoryStorageProvider): StorageProvider {
  return {
    ...delegateTo(honest),
    put: async (key, body, options) => {
      const result = await honest.put(key, body, options);
      await honest.remove([listedAs(key)]);
      return result;
    },
  };
}

function caseNamed(name: string): ConformanceCase {
  const found = conformanceCases.find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no case ${JSON.stringify(name)}.`);
  return found;
}

describe('the conformance suite', () => {
  it('has no two cases of one name', () => {
    const names = conformanceCases.map(({ name }) => name);
    expect(names).toHaveLength(new Set(names).size);
  });

  it.each(liars.map((one) => [one.name, one.caughtBy, one] as const))(
    'catches a provider that %s by "%s"',
    async (_name, caughtBy, one) => {
      const honest = new MemoryStorageProvider();
      const context = { patienceMs: 1_000, plant: plantIn(honest), ...one.corrupt(honest) };
      const theCase = caseNamed(caughtBy);
      expect(applies(theCase, context)).toBe(true);
      await expect(runCase(theCase, context)).rejects.toThrow();
      await honest.close();
    },
  );

  it.each(conformanceCases.map((one) => [one.name, one] as const))(
    'is not kept by a provider that stores nothing: "%s"',
    async (_name, one) => {
      const honest = new MemoryStorageProvider();
      const provider = storingNothing(honest);
      const context = { patienceMs: 500, plant: plantIn(honest), provider };
      await expect(runCase(one, context)).rejects.toThrow();
      await honest.close();
    },
  );

  it.each([...new Set(liars.map(({ caughtBy }) => caughtBy))].map((name) => [name]))(
    'lets an honest provider pass "%s"',
    async (name) => {
      const provider = new MemoryStorageProvider();
      const context = { patienceMs: 1_000, plant: plantIn(provider), provider };
      const theCase = caseNamed(name);
      if (applies(theCase, context)) await runCase(theCase, context);
      await context.provider.close();
    },
  );
});
