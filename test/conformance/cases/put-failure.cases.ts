import assert from 'node:assert/strict';
import { once } from 'node:events';
import { objectKey } from '../../../src/storage/contract/object-key.js';
import { StorageError } from '../../../src/storage/contract/storage-error.js';
import { bodyOf, contentOf, failingBody, KIB, MIB } from '../bodies.js';
import type { ConformanceCase, ConformanceContext } from '../conformance-case.js';
import { assertHolds, assertOnlyHolds, listedKeys, promptly, rejectsWith } from '../expectations.js';

const KEY = objectKey('dir/books.parquet');
const PREVIOUS = contentOf(9 * MIB, 9);

const FAILURES: readonly { name: string; size: number }[] = [
  { name: 'at once', size: 0 },
  { name: 'after 1 KiB', size: KIB },
  { name: 'after 12 MiB', size: 12 * MIB },
];

const failureCases = FAILURES.flatMap(({ name, size }): ConformanceCase[] => [
  {
    name: `put: a body that fails ${name} leaves nothing behind`,
    run: (context) => failAfter(context, size, undefined),
  },
  {
    name: `put: a body that fails ${name} leaves the previous object readable`,
    run: (context) => failAfter(context, size, PREVIOUS),
  },
]);

export const putFailureCases: readonly ConformanceCase[] = [
  ...failureCases,
  {
    name: 'put: a failing body is told as Unexpected, with its error as the cause',
    async run(context) {
      const source = new Error('the source failed');
      const putting = context.provider.put(KEY, failingBody(contentOf(KIB), source));
      const error = await rejectsWith(context, 'Unexpected', putting);
      assert.ok(causesOf(error).includes(source), 'The cause must be the error of the body.');
    },
  },
  {
    name: 'put: a StorageError of the body comes through as it is',
    async run(context) {
      const source = new StorageError('TooLarge', 'The file is larger than allowed.');
      for (const size of [KIB, 12 * MIB]) {
        const putting = context.provider.put(KEY, failingBody(contentOf(size), source));
        assert.equal(await rejectsWith(context, 'TooLarge', putting), source);
      }
      await assertOnlyHolds(context, KEY, undefined);
    },
  },
  {
    name: 'put: a body that is destroyed without an error is a failure',
    async run(context) {
      for (const size of [0, KIB, 12 * MIB]) {
        await rejectsWith(context, 'Unexpected', context.provider.put(KEY, failingBody(contentOf(size))));
        await assertOnlyHolds(context, KEY, undefined);
      }
    },
  },
  {
    name: 'put: a body that had failed before is a failure',
    async run(context) {
      const body = failingBody(contentOf(KIB));
      body.destroy();
      await once(body, 'close');
      await rejectsWith(context, 'Unexpected', context.provider.put(KEY, body));
      await assertOnlyHolds(context, KEY, undefined);
    },
  },
  {
    name: 'put: one that fails does not disturb one that succeeds beside it',
    async run(context) {
      const { provider } = context;
      const content = contentOf(9 * MIB);
      const [, ...failed] = await promptly(
        { ...context, patienceMs: 20_000 },
        Promise.allSettled([
          provider.put(KEY, bodyOf(content)),
          provider.put(KEY, failingBody(contentOf(KIB), new Error('first'))),
          provider.put(KEY, failingBody(contentOf(12 * MIB), new Error('second'))),
        ]),
      );
      assert.deepEqual(
        failed.map(({ status }) => status),
        ['rejected', 'rejected'],
      );
      await assertHolds(provider, KEY, content);
      await assertOnlyHolds(context, KEY, content);
    },
  },
  {
    name: 'put: after a failure the same key can be put',
    async run(context) {
      const { provider } = context;
      await rejectsWith(context, 'Unexpected', provider.put(KEY, failingBody(contentOf(12 * MIB))));
      await provider.put(KEY, bodyOf('second try'));
      await assertHolds(provider, KEY, 'second try');
      assert.deepEqual(await listedKeys(provider), [KEY]);
    },
  },
];

async function failAfter(
  context: ConformanceContext,
  size: number,
  previous: Buffer | undefined,
): Promise<void> {
  const { provider } = context;
  if (previous !== undefined) await provider.put(KEY, bodyOf(previous));
  const body = failingBody(contentOf(size), new Error('the source failed'));
  await rejectsWith(context, 'Unexpected', provider.put(KEY, body));
  assert.ok(body.destroyed, 'The body must be destroyed.');
  await assertOnlyHolds(context, KEY, previous);
}

function causesOf(error: unknown): unknown[] {
  if (typeof error !== 'object' || error === null || !('cause' in error)) return [];
  return [error.cause, ...causesOf(error.cause)];
}
