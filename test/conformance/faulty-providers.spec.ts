import { listedAs } from '../../src/storage/contract/listed-key.js';
import type { StorageProvider } from '../../src/storage/contract/storage-provider.js';
import { MemoryStorageProvider } from '../../src/storage/providers/memory/memory-storage.provider.js';
import { MIB } from './bodies.js';
import { applies, conformanceCases, runCase, type ConformanceCase } from './conformance-suite.js';
import { delegateTo, type FaultyProvider } from './faulty/faulty-provider.js';
import { copyFaults } from './faulty/copy.faulty.js';
import { inspectFaults } from './faulty/inspect.faulty.js';
import { orphanFaults } from './faulty/orphan.faulty.js';
import { listLevelFaults } from './faulty/list-level.faulty.js';
import { listFaults } from './faulty/list.faulty.js';
import { memoryFaults } from './faulty/memory.faulty.js';
import { nameFaults } from './faulty/name.faulty.js';
import { otherFaults } from './faulty/other.faulty.js';
import { putConditionFaults } from './faulty/put-condition.faulty.js';
import { putContentFaults } from './faulty/put-content.faulty.js';
import { putFaults } from './faulty/put.faulty.js';
import { plantIn } from './plant-in-memory.js';

const SMALL_LIMIT = 24 * MIB;
/** So long a provider is waited for that never answers; an honest one gets more. */
const IMPATIENCE_MS = 500;

const faultyProviders: readonly FaultyProvider[] = [
  ...putFaults,
  ...putConditionFaults,
  ...putContentFaults,
  ...orphanFaults,
  ...memoryFaults,
  ...listFaults,
  ...listLevelFaults,
  ...otherFaults,
  ...nameFaults,
  ...inspectFaults,
  ...copyFaults,
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

/** A case about the largest object would make one of gigabytes, were the limit not a small one. */
function honestProviderFor(one: ConformanceCase): MemoryStorageProvider {
  const small = new MemoryStorageProvider(SMALL_LIMIT);
  const isAboutLimit =
    one.needs?.(small.capabilities) === true && !one.needs(new MemoryStorageProvider().capabilities);
  return isAboutLimit ? small : new MemoryStorageProvider();
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

  it.each(faultyProviders.map((one) => [one.name, one.caughtBy, one] as const))(
    'catches a provider that %s by "%s"',
    async (_name, caughtBy, one) => {
      const honest = new MemoryStorageProvider();
      const context = { patienceMs: IMPATIENCE_MS, plant: plantIn(honest), ...one.corrupt(honest) };
      const theCase = caseNamed(caughtBy);
      expect(applies(theCase, context)).toBe(true);
      await expect(runCase(theCase, context)).rejects.toThrow();
      await honest.close();
    },
  );

  it.each(conformanceCases.map((one) => [one.name, one] as const))(
    'is not kept by a provider that stores nothing: "%s"',
    async (_name, one) => {
      const honest = honestProviderFor(one);
      const provider = storingNothing(honest);
      const context = { patienceMs: IMPATIENCE_MS, plant: plantIn(honest), provider };
      await expect(runCase(one, context)).rejects.toThrow();
      await honest.close();
    },
  );

  it.each([...new Set(faultyProviders.map(({ caughtBy }) => caughtBy))].map((name) => [name]))(
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
