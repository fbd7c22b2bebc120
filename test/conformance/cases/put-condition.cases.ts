import assert from 'node:assert/strict';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { listedAs, listedKey } from '../../../src/storage/contract/listed-key.js';
import { objectKey } from '../../../src/storage/contract/object-key.js';
import { StorageError } from '../../../src/storage/contract/storage-error.js';
import type { PutCondition, PutResult } from '../../../src/storage/contract/storage-provider.js';
import { bodyOf, contentOf, gate, gatedBody, hangingBody, KIB, MIB, slowBodyOf } from '../bodies.js';
import type { ConformanceCase, ConformanceContext } from '../conformance-case.js';
import { assertHolds, assertOnlyHolds, promptly, putText, readAll, rejectsWith } from '../expectations.js';

const KEY = objectKey('dir/books.parquet');
const ABSENT: PutCondition = { kind: 'absent' };
const PREVIOUS = Buffer.from('previous');

/** A store may take the two by different ways. */
const SIZES: readonly { name: string; size: number }[] = [
  { name: '1 KiB', size: KIB },
  { name: '12 MiB', size: 12 * MIB },
];

const sizedCases = SIZES.flatMap(({ name, size }): ConformanceCase[] => [
  {
    name: `put: ${name} on the condition of absence are stored where there is nothing`,
    async run({ provider }) {
      const content = contentOf(size);
      const { etag } = await provider.put(KEY, bodyOf(content), { condition: ABSENT });
      await assertHolds(provider, KEY, content);
      assert.equal((await provider.stat(listedAs(KEY))).etag, etag);
      await provider.put(KEY, bodyOf('another'));
      await assertHolds(provider, KEY, 'another');
    },
  },
  {
    name: `put: ${name} on the condition of absence leave an object that comes first`,
    run: (context) => overtake(context, size, { during: (put) => put(PREVIOUS), leaves: PREVIOUS }),
  },
  {
    name: `put: ${name} on the condition of an etag replace the object that has it`,
    async run({ provider }) {
      const content = contentOf(size);
      const { etag } = await provider.put(KEY, bodyOf(PREVIOUS));
      const result = await provider.put(KEY, bodyOf(content), { condition: has(etag) });
      await assertHolds(provider, KEY, content);
      assert.equal((await provider.stat(listedAs(KEY))).etag, result.etag);
      assert.notEqual(result.etag, etag);
    },
  },
  {
    name: `put: ${name} on the condition of an etag leave an object that changes meanwhile`,
    run: (context) =>
      overtake(context, size, {
        before: contentOf(KIB, 5),
        during: (put) => put(PREVIOUS),
        leaves: PREVIOUS,
      }),
  },
  {
    name: `put: ${name} on the condition of an etag do not bring back an object that is removed meanwhile`,
    run: (context) =>
      overtake(context, size, {
        before: PREVIOUS,
        during: () => context.provider.remove([listedAs(KEY)]),
        leaves: undefined,
      }),
  },
  {
    name: `put: of many at once of ${name} on the condition of absence exactly one is stored`,
    async run(context) {
      await race(context, { puts: size > MIB ? 6 : 20, size, condition: ABSENT });
    },
  },
  {
    name: `put: of many at once of ${name} on the condition of one etag exactly one is stored`,
    async run(context) {
      const { etag } = await context.provider.put(KEY, bodyOf(PREVIOUS));
      await race(context, { puts: size > MIB ? 6 : 20, size, condition: has(etag) });
    },
  },
]);

export const putConditionCases: readonly ConformanceCase[] = [
  ...sizedCases,
  {
    name: 'put: the condition of absence fails before the body is read where an object is there',
    async run(context) {
      await context.provider.put(KEY, bodyOf(PREVIOUS));
      await failUnread(context, ABSENT, PREVIOUS);
    },
  },
  {
    name: 'put: the condition of an etag fails before the body is read where the object has another',
    async run(context) {
      const { provider } = context;
      const { etag } = await provider.put(KEY, bodyOf('one'));
      await provider.put(KEY, bodyOf(PREVIOUS));
      await failUnread(context, has(etag), PREVIOUS);
      await failUnread(context, has('"nonsense"'), PREVIOUS);
    },
  },
  {
    name: 'put: the condition of an etag fails before the body is read where there is no object',
    async run(context) {
      const { provider } = context;
      const { etag } = await provider.put(KEY, bodyOf('one'));
      await provider.remove([listedAs(KEY)]);
      await failUnread(context, has(etag), undefined);
    },
  },
  {
    name: 'put: the condition of absence holds again when the object is removed',
    async run({ provider }) {
      await provider.put(KEY, bodyOf(PREVIOUS), { condition: ABSENT });
      await provider.remove([listedAs(KEY)]);
      await provider.put(KEY, bodyOf('again'), { condition: ABSENT });
      await assertHolds(provider, KEY, 'again');
    },
  },
  {
    name: 'put: the condition of absence is about this key, not its neighbours',
    async run({ provider }) {
      for (const key of ['dir/books', 'dir/books.parquet.crc', 'dir2/books.parquet', 'books.parquet'])
        await putText(provider, key, key);
      await provider.put(KEY, bodyOf('mine'), { condition: ABSENT });
      await assertHolds(provider, KEY, 'mine');
    },
  },
  {
    name: 'put: a body that fails under a condition leaves what was there',
    async run(context) {
      const { etag } = await context.provider.put(KEY, bodyOf(PREVIOUS));
      const failing = new StorageError('TooLarge', 'The file is larger than allowed.');
      const { body, starved } = hangingBody(contentOf(12 * MIB));
      const putting = context.provider.put(KEY, body, { condition: has(etag) });
      await Promise.race([starved, putting]);
      body.destroy(failing);
      await rejectsWith(context, 'TooLarge', putting);
      await assertOnlyHolds(context, KEY, PREVIOUS);
    },
  },
  {
    name: 'put: a directory in the way of the condition of absence is AlreadyExists, or is none',
    async run(context) {
      const { provider } = context;
      const below = await putText(provider, 'a/b', 'there');
      const putting = provider.put(objectKey('a'), bodyOf('coming'), { condition: ABSENT });
      const [outcome] = await Promise.allSettled([promptly(context, putting)]);
      if (outcome.status === 'rejected') await rejectsWith(context, 'AlreadyExists', putting);
      await assertHolds(provider, below, 'there');
      await provider.remove([listedKey('a'), listedAs(below)]);
    },
  },
];

function has(etag: string | null): PutCondition {
  return { kind: 'etag', etag: etag ?? '"none"' };
}

interface Overtaking {
  /** What is there when the put begins, and what its condition is about; without it, its absence. */
  readonly before?: Buffer;
  /** What happens while the body waits in its middle. */
  readonly during: (put: (content: Buffer) => Promise<unknown>) => Promise<unknown>;
  readonly leaves: Buffer | undefined;
}

/** The condition holds when the put begins and not any more when its object would appear. */
async function overtake(
  context: ConformanceContext,
  size: number,
  { before, during, leaves }: Overtaking,
): Promise<void> {
  const { provider } = context;
  const put = (content: Buffer): Promise<PutResult> => provider.put(KEY, bodyOf(content));
  const condition = before === undefined ? ABSENT : has((await put(before)).etag);
  const { opened, open } = gate();
  const body = gatedBody(contentOf(size), opened, Buffer.from('end'));
  const putting = provider.put(KEY, body, { condition });
  putting.catch(() => undefined);
  await setTimeout(150);
  await during(put);
  open();
  await rejectsWith({ ...context, patienceMs: 20_000 }, 'PreconditionFailed', putting);
  assert.ok(body.destroyed, 'The body must be destroyed.');
  await assertOnlyHolds(context, KEY, leaves);
}

/** The body never yields a byte: who waits for it waits forever. */
async function failUnread(
  context: ConformanceContext,
  condition: PutCondition,
  leaves: Buffer | undefined,
): Promise<void> {
  const { body } = hangingBody(Buffer.alloc(0));
  const putting = context.provider.put(KEY, body, { condition });
  await rejectsWith(context, 'PreconditionFailed', putting).finally(() => body.destroy());
  await assertOnlyHolds(context, KEY, leaves);
}

/** So that puts which begin together are all on their way before the first of them ends. */
function inHalves(content: Buffer): Readable {
  const middle = content.length / 2;
  return slowBodyOf([content.subarray(0, middle), content.subarray(middle)], () => setImmediate());
}

/** Puts that begin together, all with contents of their own. */
async function race(
  context: ConformanceContext,
  {
    puts,
    size,
    condition,
  }: { readonly puts: number; readonly size: number; readonly condition: PutCondition },
): Promise<void> {
  const { provider } = context;
  const contents = Array.from({ length: puts }, (_, i) => contentOf(size, 10 + i));
  const outcomes = await promptly(
    { ...context, patienceMs: 25_000 },
    Promise.allSettled(contents.map((content) => provider.put(KEY, inHalves(content), { condition }))),
  );
  const winners = contents.filter((_, i) => outcomes[i]?.status === 'fulfilled');
  assert.equal(winners.length, 1, `${String(winners.length)} of ${String(puts)} were stored.`);
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected')
      await rejectsWith(context, 'PreconditionFailed', Promise.reject(outcome.reason as Error));
  }
  assert.ok(
    winners[0]?.equals(await readAll((await provider.get(listedAs(KEY))).body)),
    "It is not the winner's.",
  );
  await assertOnlyHolds(context, KEY, winners[0]);
}
