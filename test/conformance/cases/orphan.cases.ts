import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import type { Orphan } from '../../../src/storage/contract/orphan.js';
import { objectKey } from '../../../src/storage/contract/object-key.js';
import { bodyOf, contentOf, failingBody, gate, hangingBody, KIB, MIB } from '../bodies.js';
import type { ConformanceCase, ConformanceContext } from '../conformance-case.js';
import { assertHolds, assertOnlyHolds, assertRejectedWith, listedKeys, promptly } from '../expectations.js';
import { RecordedCleanup } from '../recorded-cleanup.js';

const KEY = objectKey('dir/books.parquet');
const PREVIOUS = contentOf(300 * KIB, 9);

const SIZES: readonly { name: string; size: number }[] = [
  { name: '1 KiB', size: KIB },
  { name: '12 MiB', size: 12 * MIB },
];

const sizedCases = SIZES.flatMap(({ name, size }): ConformanceCase[] => [
  {
    name: `orphans: nothing of ${name} is made before it is noted`,
    run: (context) => makeNothingBeforeNotes(context, size),
  },
  {
    name: `orphans: what is there of ${name} on their way is noted`,
    run: (context) => noteWhatIsThere(context, size),
  },
  {
    name: `orphans: a note of ${name} that is refused leaves nothing, and is passed on as it is`,
    run: (context) => refuseNotes(context, size, undefined),
  },
  {
    name: `orphans: a note of ${name} that is refused leaves the previous object readable`,
    run: (context) => refuseNotes(context, size, PREVIOUS),
  },
  {
    name: `orphans: those of ${name} whose process died are removed by another one`,
    run: (context) => removeAbandoned(context, size, undefined),
  },
  {
    name: `orphans: those of ${name} are removed, and the previous object stays`,
    run: (context) => removeAbandoned(context, size, PREVIOUS),
  },
  {
    name: `orphans: removing those of ${name} leaves the object that has appeared`,
    run: (context) => removeAfterSuccess(context, size),
  },
  {
    name: `orphans: a put of ${name} that fails and cleans up keeps none`,
    async run(context) {
      const notes = new RecordedCleanup();
      const body = failingBody(contentOf(size), new Error('the source failed'));
      await promptly(context, Promise.allSettled([context.provider.put(KEY, body, { cleanupLog: notes })]));
      await assertOnlyHolds(context, KEY, undefined);
      assert.equal(notes.retained, 0, 'Nothing is left that could be kept.');
      for (const note of notes.recorded) await context.provider.removeOrphan(note);
    },
  },
]);

export const orphanCases: readonly ConformanceCase[] = [
  ...sizedCases,
  {
    name: 'orphans: those of one put are removed, and another put of the key goes on',
    async run(context) {
      const [dead, alive] = [await stall(context, 12 * MIB), await stall(context, 12 * MIB)];
      try {
        const others = alive.notes.last === undefined ? [] : [alive.notes.last];
        await removeAll(context, dead.notes, others);
        const left = (await context.orphans?.(KEY)) ?? [];
        assert.equal(left.length, alive.found.length === 0 ? 0 : 1, 'One put goes on.');
      } finally {
        await dead.giveUp();
        await alive.finish();
      }
      await assertOnlyHolds(context, KEY, contentOf(12 * MIB));
    },
  },
  {
    name: 'orphans: a note says its key as the store knows it',
    async run(context) {
      for (const size of [KIB, 12 * MIB]) {
        const notes = new RecordedCleanup();
        await context.provider.put(KEY, bodyOf(contentOf(size)), { cleanupLog: notes });
        for (const { key } of notes.recorded) assert.ok(key.endsWith(KEY), key);
      }
    },
  },
];

/** A put whose process seems to have died: its body neither goes on nor ends. */
interface StalledPut {
  readonly notes: RecordedCleanup;
  /** What the store holds of it, and of others of its key. */
  readonly found: readonly string[];
  readonly giveUp: () => Promise<void>;
  readonly finish: () => Promise<void>;
}

async function stall(context: ConformanceContext, size: number): Promise<StalledPut> {
  const notes = new RecordedCleanup();
  const { body, starved } = hangingBody(contentOf(size));
  const putting = context.provider.put(KEY, body, { cleanupLog: notes });
  const ended = Promise.allSettled([putting]);
  await promptly(context, Promise.race([starved, putting]));
  await setTimeout(150); // parts go to the store while the body waits
  return {
    notes,
    found: (await context.orphans?.(KEY)) ?? [],
    giveUp: async () => {
      body.destroy();
      await ended;
    },
    finish: async () => {
      body.push(null);
      await putting;
    },
  };
}

async function makeNothingBeforeNotes(context: ConformanceContext, size: number): Promise<void> {
  const [noted, asked] = [gate(), gate()];
  const notes = new RecordedCleanup(() => {
    asked.open();
    return noted.opened;
  });
  const putting = context.provider.put(KEY, bodyOf(contentOf(size)), { cleanupLog: notes });
  await promptly(context, Promise.race([asked.opened, putting]));
  try {
    await setTimeout(100);
    if (notes.last === undefined) return; // it can leave nothing behind
    assert.equal(notes.recorded.length, 1, 'One note, for the first is not kept yet.');
    assert.deepEqual(await context.orphans?.(KEY), [], 'Nothing may be made before it is noted.');
    assert.deepEqual(await listedKeys(context.provider), []);
  } finally {
    noted.open();
    await putting;
  }
  await assertOnlyHolds(context, KEY, contentOf(size));
}

async function noteWhatIsThere(context: ConformanceContext, size: number): Promise<void> {
  const put = await stall(context, size);
  try {
    assert.ok(put.found.length === 0 || put.notes.last !== undefined, 'What is there must be noted.');
  } finally {
    await put.giveUp();
  }
  await assertOnlyHolds(context, KEY, undefined);
}

/** Each of the notes that a put takes. */
async function refuseNotes(
  context: ConformanceContext,
  size: number,
  previous: Buffer | undefined,
): Promise<void> {
  const { provider } = context;
  if (previous !== undefined) await provider.put(KEY, bodyOf(previous));
  for (let refused = 1; ; refused++) {
    const refusal = new Error(`no to note ${String(refused)}`);
    const notes = new RecordedCleanup((count) =>
      count === refused ? Promise.reject(refusal) : Promise.resolve(),
    );
    const body = bodyOf(contentOf(size));
    const putting = provider.put(KEY, body, { cleanupLog: notes });
    const [{ status }] = await promptly(context, Promise.allSettled([putting]));
    if (notes.recorded.length < refused) {
      assert.equal(status, 'fulfilled');
      return;
    }
    await assertRejectedWith(context, putting, refusal);
    assert.ok(body.destroyed, 'The body must be consumed or destroyed.');
    await assertOnlyHolds(context, KEY, previous);
  }
}

async function removeAbandoned(
  context: ConformanceContext,
  size: number,
  previous: Buffer | undefined,
): Promise<void> {
  if (previous !== undefined) await context.provider.put(KEY, bodyOf(previous));
  const put = await stall(context, size);
  try {
    await removeAll(context, put.notes);
    await assertOnlyHolds(context, KEY, previous);
    await removeAll(context, put.notes); // what is not there any more
    await assertOnlyHolds(context, KEY, previous);
  } finally {
    await put.giveUp();
  }
  await assertOnlyHolds(context, KEY, previous);
}

async function removeAfterSuccess(context: ConformanceContext, size: number): Promise<void> {
  const notes = new RecordedCleanup();
  const content = contentOf(size);
  await context.provider.put(KEY, bodyOf(content), { cleanupLog: notes });
  assert.equal(notes.retained, 0, 'Nothing is left that could be kept.');
  for (const note of notes.recorded) {
    await context.provider.removeOrphan(note);
    await assertOnlyHolds(context, KEY, content);
  }
  await assertHolds(context.provider, KEY, content);
}

/** By another provider, and the latest note alone: it takes the place of the earlier ones. */
async function removeAll(
  context: ConformanceContext,
  { last }: RecordedCleanup,
  others: readonly Orphan[] = [],
): Promise<void> {
  const another = context.openAnother?.();
  const remover = another ?? context.provider;
  if (last !== undefined)
    await promptly(context, remover.removeOrphan(last, { others: () => Promise.resolve(others) }));
  await another?.close();
}
