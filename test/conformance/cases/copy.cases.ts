import assert from 'node:assert/strict';
import { listedAs, listedKey } from '../../../src/storage/contract/listed-key.js';
import { type ObjectKey, objectKey } from '../../../src/storage/contract/object-key.js';
import type {
  CopyOptions,
  PutCondition,
  PutResult,
  StorageProvider,
} from '../../../src/storage/contract/storage-provider.js';
import { bodyOf, contentOf, KIB, MIB } from '../bodies.js';
import type { ConformanceCase, ConformanceContext } from '../conformance-case.js';
import {
  assertHolds,
  assertRejectedWith,
  listedKeys,
  promptly,
  putText,
  readAll,
  rejectsWith,
} from '../expectations.js';
import { RecordedCleanup } from '../recorded-cleanup.js';

type Verb = 'copy' | 'move';

const SOURCE = objectKey('from/books.parquet');
const TARGET = objectKey('to/books.parquet');
const CONTENT = contentOf(KIB);
const PREVIOUS = Buffer.from('previous');
const ABSENT: PutCondition = { kind: 'absent' };
/** More than a store copies with one request. */
const LARGE_BYTES = 70 * MIB;

const SIZES: readonly { name: string; size: number }[] = [
  { name: 'nothing', size: 0 },
  { name: '1 KiB', size: KIB },
  { name: '12 MiB', size: 12 * MIB },
];

const needs: Readonly<Record<Verb, NonNullable<ConformanceCase['needs']>>> = {
  copy: ({ copy }) => copy,
  move: ({ move }) => move,
};

function casesOf(verb: Verb): readonly ConformanceCase[] {
  return [...sizedCases(verb), ...targetCases(verb), ...sourceCases(verb), ...refusalCases(verb)].map(
    (one) => ({ needs: needs[verb], ...one, name: `${verb}: ${one.name}` }),
  );
}

function sizedCases(verb: Verb): readonly ConformanceCase[] {
  return SIZES.flatMap(({ name, size }): ConformanceCase[] => [
    {
      name: `${name} are under the new name, and ${verb === 'copy' ? 'stay under' : 'go from'} the old one`,
      async run({ provider }) {
        const content = contentOf(size);
        await provider.put(SOURCE, bodyOf(content));
        const result = await transfer(provider, verb);
        assert.deepEqual([result.key, result.size], [TARGET, size]);
        assert.equal((await provider.stat(listedAs(TARGET))).etag, result.etag);
        await assertHolds(provider, TARGET, content);
        assert.deepEqual(await listedKeys(provider), verb === 'copy' ? [SOURCE, TARGET] : [TARGET]);
      },
    },
    {
      name: `${name} under the condition of absence are there where nothing was`,
      async run(context) {
        const { provider } = context;
        const content = contentOf(size);
        await provider.put(SOURCE, bodyOf(content));
        const { etag } = await transfer(provider, verb, { condition: ABSENT });
        await assertHolds(provider, TARGET, content);
        assert.equal((await provider.stat(listedAs(TARGET))).etag, etag);
        await assertNothingLeft(context);
      },
    },
    {
      name: `${name} whose consent is refused change nothing, and the refusal is passed on as it is`,
      async run(context) {
        const { provider } = context;
        const content = contentOf(size);
        await provider.put(SOURCE, bodyOf(content));
        for (const condition of [undefined, ABSENT]) {
          const refusal = new Error('no');
          const copying = transfer(provider, verb, {
            condition,
            beforeCommit: () => Promise.reject(refusal),
          });
          await assertRejectedWith({ ...context, patienceMs: 20_000 }, copying, refusal);
          await assertUntouched(context, content);
        }
      },
    },
  ]);
}

function targetCases(verb: Verb): readonly ConformanceCase[] {
  return [
    {
      name: 'an object that has the name is replaced',
      async run({ provider }) {
        await provider.put(TARGET, bodyOf(contentOf(12 * MIB)));
        await provider.put(SOURCE, bodyOf(CONTENT));
        await transfer(provider, verb);
        await assertHolds(provider, TARGET, CONTENT);
      },
    },
    {
      name: 'the condition of absence leaves the object that is there, and the source',
      run: (context) => fail(context, verb, ABSENT),
    },
    {
      name: 'the condition of an etag leaves an object that has another, and the source',
      run: (context) => fail(context, verb, { kind: 'etag', etag: '"nonsense"' }),
    },
    {
      name: 'the condition of an etag is met by the object that has it',
      async run({ provider }) {
        await provider.put(SOURCE, bodyOf(CONTENT));
        const { etag } = await provider.put(TARGET, bodyOf(PREVIOUS));
        await transfer(provider, verb, { condition: { kind: 'etag', etag: etag ?? '' } });
        await assertHolds(provider, TARGET, CONTENT);
      },
    },
    {
      name: 'the condition still holds when the object appears',
      async run(context) {
        const { provider } = context;
        await provider.put(SOURCE, bodyOf(CONTENT));
        const beforeCommit = async (): Promise<void> => {
          await provider.put(TARGET, bodyOf(PREVIOUS));
        };
        const copying = transfer(provider, verb, { condition: ABSENT, beforeCommit });
        await rejectsWith(context, 'PreconditionFailed', copying);
        await assertHolds(provider, TARGET, PREVIOUS);
        await assertHolds(provider, SOURCE, CONTENT);
      },
    },
    {
      name: 'of many at once on the condition of absence exactly one is there, and no source is lost',
      async run(context) {
        const { provider } = context;
        const sources = await Promise.all(
          Array.from({ length: 8 }, (_, i) => putText(provider, `from/${String(i)}`, String(i))),
        );
        const outcomes = await promptly(
          { ...context, patienceMs: 20_000 },
          Promise.allSettled(
            sources.map((key) => provider[verb](sourceOf(provider, key), TARGET, { condition: ABSENT })),
          ),
        );
        const winners = sources.filter((_, i) => outcomes[i]?.status === 'fulfilled');
        assert.equal(winners.length, 1);
        const { body } = await provider.get(listedAs(TARGET));
        assert.equal(`from/${(await readAll(body)).toString()}`, winners[0]);
        const kept = verb === 'copy' ? sources : sources.filter((key) => key !== winners[0]);
        assert.deepEqual(await listedKeys(provider), [...kept, TARGET]);
      },
    },
    {
      name: 'consent is asked once, with the size, while nothing is visible',
      async run({ provider }) {
        await provider.put(SOURCE, bodyOf(CONTENT));
        const asked: (readonly [size: number, names: readonly string[]])[] = [];
        await transfer(provider, verb, {
          beforeCommit: async ({ size }) => {
            asked.push([size, await listedKeys(provider)]);
          },
        });
        assert.deepEqual(asked, [[KIB, [SOURCE]]]);
      },
    },
  ];
}

function sourceCases(verb: Verb): readonly ConformanceCase[] {
  return [
    {
      name: 'the content type goes along',
      needs: (capabilities) => needs[verb](capabilities) && capabilities.contentType,
      async run({ provider }) {
        for (const condition of [undefined, ABSENT]) {
          await provider.put(SOURCE, bodyOf(CONTENT), { contentType: 'text/csv; header=present' });
          await transfer(provider, verb, { condition });
          const { contentType } = await provider.stat(listedAs(TARGET));
          assert.equal(contentType, 'text/csv; header=present');
          await provider.remove([listedAs(TARGET)]);
        }
      },
    },
    {
      name: 'names that need escaping are copied as they are',
      async run({ provider }) {
        const names = ['a b+c&d=e%20f.csv', "it's (1) *!~.csv", 'été/日本/🎭.csv', 'a?b#c.csv'];
        for (const name of names) {
          const key = await putText(provider, `from/${name}`, name);
          const to = objectKey(`to/${name}`);
          await provider[verb](sourceOf(provider, key), to);
          await assertHolds(provider, to, name);
        }
      },
    },
    {
      name: 'a missing source is NotFound, and changes nothing',
      async run(context) {
        const { provider } = context;
        await provider.put(TARGET, bodyOf(PREVIOUS));
        for (const name of ['from/nothing.csv', 'to', 'to/']) {
          const source = provider.source(listedKey(name));
          await rejectsWith(context, 'NotFound', provider[verb](source, TARGET));
        }
        await assertHolds(provider, TARGET, PREVIOUS);
        assert.deepEqual(await listedKeys(provider), [TARGET]);
      },
    },
    {
      name: 'another version of the source is PreconditionFailed, and changes nothing',
      async run(context) {
        const { provider } = context;
        const { etag } = await provider.put(SOURCE, bodyOf(PREVIOUS));
        await provider.put(SOURCE, bodyOf(CONTENT));
        const copying = transfer(provider, verb, { sourceEtag: etag ?? '' });
        await rejectsWith(context, 'PreconditionFailed', copying);
        await assertUntouched(context, CONTENT);
      },
    },
    {
      name: 'the version that is asked for is taken',
      async run({ provider }) {
        const { etag } = await provider.put(SOURCE, bodyOf(CONTENT));
        await transfer(provider, verb, { sourceEtag: etag ?? '' });
        await assertHolds(provider, TARGET, CONTENT);
      },
    },
  ];
}

function refusalCases(verb: Verb): readonly ConformanceCase[] {
  return [
    {
      name: 'onto itself is InvalidKey, and leaves the object',
      async run(context) {
        const { provider } = context;
        await provider.put(SOURCE, bodyOf(CONTENT));
        await rejectsWith(context, 'InvalidKey', provider[verb](sourceOf(provider, SOURCE), SOURCE));
        await assertUntouched(context, CONTENT);
      },
    },
    {
      name: 'an object of another store is Unsupported',
      async run(context) {
        const { provider } = context;
        await provider.put(SOURCE, bodyOf(CONTENT));
        const foreign = { ...sourceOf(provider, SOURCE), store: {} };
        await rejectsWith(context, 'Unsupported', provider[verb](foreign, TARGET));
        await assertUntouched(context, CONTENT);
      },
    },
    {
      name: 'a fired signal is Aborted, and changes nothing',
      async run(context) {
        const { provider } = context;
        await provider.put(SOURCE, bodyOf(CONTENT));
        const copying = transfer(provider, verb, { signal: AbortSignal.abort() });
        await rejectsWith(context, 'Aborted', copying);
        await assertUntouched(context, CONTENT);
      },
    },
    {
      name: 'a signal that fires while consent is asked leaves nothing',
      async run(context) {
        const { provider } = context;
        await provider.put(SOURCE, bodyOf(CONTENT));
        for (const condition of [undefined, ABSENT]) {
          const leaving = new AbortController();
          const beforeCommit = (): Promise<void> => {
            leaving.abort();
            return Promise.resolve();
          };
          const copying = transfer(provider, verb, { condition, beforeCommit, signal: leaving.signal });
          await rejectsWith(context, 'Aborted', copying);
          await assertUntouched(context, CONTENT);
        }
      },
    },
    {
      name: 'a note that is refused changes nothing, and is passed on as it is',
      async run(context) {
        const { provider } = context;
        await provider.put(SOURCE, bodyOf(CONTENT));
        const refusal = new Error('no notes today');
        const notes = new RecordedCleanup(() => Promise.reject(refusal));
        const copying = transfer(provider, verb, { condition: ABSENT, cleanupLog: notes });
        const [outcome] = await promptly(context, Promise.allSettled([copying]));
        if (notes.recorded.length === 0) {
          await assertHolds(provider, TARGET, CONTENT); // it makes nothing that could be left
          return;
        }
        assert.ok(outcome.status === 'rejected' && outcome.reason === refusal);
        await assertUntouched(context, CONTENT);
      },
    },
    {
      name: 'is Unsupported where the capability says so',
      needs: (capabilities) => !needs[verb](capabilities),
      async run(context) {
        const { provider } = context;
        await provider.put(SOURCE, bodyOf(CONTENT));
        await rejectsWith(context, 'Unsupported', transfer(provider, verb));
        await assertUntouched(context, CONTENT);
      },
    },
  ];
}

export const copyCases: readonly ConformanceCase[] = [
  ...casesOf('copy'),
  {
    name: 'copy: a long object is copied in parts, under a condition and without one',
    needs: ({ copy, maxObjectBytes }) => copy && maxObjectBytes > 2 * LARGE_BYTES,
    async run(context) {
      const { provider } = context;
      const content = contentOf(LARGE_BYTES);
      await provider.put(SOURCE, bodyOf(content, MIB));
      await transfer(provider, 'copy', { condition: ABSENT });
      await assertHolds(provider, TARGET, content);
      await transfer(provider, 'copy');
      await assertHolds(provider, TARGET, content);
      await assertNothingLeft(context);
    },
  },
];

export const moveCases: readonly ConformanceCase[] = [
  ...casesOf('move'),
  {
    name: 'move: the object keeps its etag',
    needs: needs.move,
    async run({ provider }) {
      const { etag } = await provider.put(SOURCE, bodyOf(CONTENT));
      assert.equal((await transfer(provider, 'move')).etag, etag);
      assert.equal((await provider.stat(listedAs(TARGET))).etag, etag);
    },
  },
  {
    name: 'move: objects that are moved to and fro at once are not lost',
    needs: needs.move,
    async run(context) {
      const { provider } = context;
      const keys = ['a/1', 'b/2', 'c/3'].map(objectKey);
      for (let round = 0; round < 20; round++) {
        await provider.put(objectKey('a/1'), bodyOf(CONTENT));
        const moves = keys.flatMap((from) =>
          keys.filter((to) => to !== from).map((to) => provider.move(sourceOf(provider, from), to)),
        );
        await promptly({ ...context, patienceMs: 20_000 }, Promise.allSettled(moves));
        const left = await listedKeys(provider);
        assert.equal(left.length, 1, `${String(left.length)} objects are left of one.`);
        await assertHolds(provider, objectKey(left[0] ?? ''), CONTENT);
        await provider.remove(left.map(listedKey));
      }
    },
  },
];

function sourceOf(provider: StorageProvider, key: ObjectKey): ReturnType<StorageProvider['source']> {
  return provider.source(listedAs(key));
}

function transfer(provider: StorageProvider, verb: Verb, options?: CopyOptions): Promise<PutResult> {
  return provider[verb](sourceOf(provider, SOURCE), TARGET, options);
}

/** A condition that is not met: both objects stay as they were. */
async function fail(context: ConformanceContext, verb: Verb, condition: PutCondition): Promise<void> {
  const { provider } = context;
  await provider.put(SOURCE, bodyOf(CONTENT));
  await provider.put(TARGET, bodyOf(PREVIOUS));
  await rejectsWith(context, 'PreconditionFailed', transfer(provider, verb, { condition }));
  await assertHolds(provider, SOURCE, CONTENT);
  await assertHolds(provider, TARGET, PREVIOUS);
  await assertNothingLeft(context);
}

/** The source is there, whole, and nothing else. */
async function assertUntouched(context: ConformanceContext, content: Buffer): Promise<void> {
  await assertHolds(context.provider, SOURCE, content);
  assert.deepEqual(await listedKeys(context.provider), [SOURCE]);
  await assertNothingLeft(context);
}

async function assertNothingLeft({ orphans }: ConformanceContext): Promise<void> {
  assert.deepEqual([...((await orphans?.(TARGET)) ?? [])], [], 'Nothing may be left behind.');
}
