import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { listedAs } from '../../../src/storage/contract/listed-key.js';
import { objectKey } from '../../../src/storage/contract/object-key.js';
import { StorageError } from '../../../src/storage/contract/storage-error.js';
import type { PutContent } from '../../../src/storage/contract/storage-provider.js';
import { bodyOf, contentOf, failingBody, gate, gatedBody, KIB, MIB } from '../bodies.js';
import type { ConformanceCase, ConformanceContext } from '../conformance-case.js';
import {
  assertHolds,
  assertOnlyHolds,
  assertRejectedWith,
  listedKeys,
  promptly,
  rejectsWith,
} from '../expectations.js';
import { referenceChecksums } from '../reference-checksums.js';

const KEY = objectKey('dir/books.parquet');
const PREVIOUS = contentOf(300 * KIB, 9);
const END = Buffer.from('end');

const SIZES: readonly { name: string; size: number }[] = [
  { name: 'nothing', size: 0 },
  { name: '1 KiB', size: KIB },
  { name: '600 KiB', size: 600 * KIB },
  { name: '12 MiB', size: 12 * MIB },
];

const sizedCases = SIZES.flatMap(({ name, size }): ConformanceCase[] => [
  {
    name: `consent: of ${name} is asked once, when every byte has come and nothing is visible`,
    run: (context) => askInTime(context, size, undefined),
  },
  {
    name: `consent: while ${name} wait for it, the previous object is whole`,
    run: (context) => askInTime(context, size, PREVIOUS),
  },
  {
    name: `consent: refused to ${name} leaves nothing behind, and is passed on as it is`,
    run: (context) => refuse(context, size, undefined),
  },
  {
    name: `consent: refused to ${name} leaves the previous object readable`,
    run: (context) => refuse(context, size, PREVIOUS),
  },
]);

export const putConsentCases: readonly ConformanceCase[] = [
  ...sizedCases,
  {
    name: 'consent: is not asked where the body fails',
    async run(context) {
      for (const size of [KIB, 12 * MIB]) {
        let asked = 0;
        const body = failingBody(contentOf(size), new Error('the source failed'));
        const beforeCommit = (): Promise<void> => {
          asked++;
          return Promise.resolve();
        };
        await rejectsWith(context, 'Unexpected', context.provider.put(KEY, body, { beforeCommit }));
        assert.equal(asked, 0);
      }
    },
  },
  {
    name: 'consent: a signal that fires while it is asked leaves nothing',
    async run(context) {
      for (const size of [KIB, 12 * MIB]) {
        const leaving = new AbortController();
        const beforeCommit = (): Promise<void> => {
          leaving.abort();
          return Promise.resolve();
        };
        const options = { beforeCommit, signal: leaving.signal };
        await rejectsWith(context, 'Aborted', context.provider.put(KEY, bodyOf(contentOf(size)), options));
        await assertOnlyHolds(context, KEY, undefined);
      }
    },
  },
  {
    name: 'consent: given, a condition is still looked at when the object appears',
    async run(context) {
      const { provider } = context;
      for (const size of [KIB, 12 * MIB]) {
        await provider.remove([listedAs(KEY)]);
        const putting = provider.put(KEY, bodyOf(contentOf(size)), {
          condition: { kind: 'absent' },
          beforeCommit: async () => {
            await provider.put(KEY, bodyOf(PREVIOUS));
          },
        });
        await rejectsWith(context, 'PreconditionFailed', putting);
        await assertOnlyHolds(context, KEY, PREVIOUS);
      }
    },
  },
  {
    name: 'consent: once refused, the same key can be put',
    async run(context) {
      const { provider } = context;
      for (const size of [KIB, 12 * MIB]) {
        await refuse(context, size, undefined);
        await provider.put(KEY, bodyOf('second try'));
        await assertHolds(provider, KEY, 'second try');
        await provider.remove([listedAs(KEY)]);
      }
    },
  },
];

async function askInTime(
  context: ConformanceContext,
  size: number,
  previous: Buffer | undefined,
): Promise<void> {
  const { provider } = context;
  if (previous !== undefined) await provider.put(KEY, bodyOf(previous));
  const content = Buffer.concat([contentOf(size), END]);
  const [rest, consent, question] = [gate(), gate(), gate()];
  const asked: PutContent[] = [];
  const putting = provider.put(KEY, gatedBody(contentOf(size), rest.opened, END), {
    checksums: ['md5', 'crc32c'],
    beforeCommit: (facts) => {
      asked.push({ ...facts, checksums: { ...facts.checksums } });
      question.open();
      return consent.opened;
    },
  });
  await setTimeout(30);
  assert.deepEqual(asked, [], 'The last byte has not come yet.');
  rest.open();
  try {
    await promptly(context, Promise.race([question.opened, putting]));
    await setTimeout(30);
    await assertSeen(context, previous);
  } finally {
    consent.open();
    await putting;
  }
  const checksums = referenceChecksums(content, ['md5', 'crc32c']);
  assert.deepEqual(asked, [{ size: content.length, checksums }]);
  await assertHolds(provider, KEY, content);
}

async function assertSeen(context: ConformanceContext, previous: Buffer | undefined): Promise<void> {
  const { provider } = context;
  if (previous === undefined) await rejectsWith(context, 'NotFound', provider.stat(listedAs(KEY)));
  else await assertHolds(provider, KEY, previous);
  assert.deepEqual(await listedKeys(provider), previous === undefined ? [] : [KEY]);
}

async function refuse(
  context: ConformanceContext,
  size: number,
  previous: Buffer | undefined,
): Promise<void> {
  const { provider } = context;
  if (previous !== undefined) await provider.put(KEY, bodyOf(previous));
  // Also one that looks as if it were the store's.
  for (const refusal of [new Error('no'), new StorageError('PreconditionFailed', 'Not this one.')]) {
    const body = bodyOf(contentOf(size));
    const putting = provider.put(KEY, body, { beforeCommit: () => Promise.reject(refusal) });
    await assertRejectedWith(context, putting, refusal);
    assert.ok(body.destroyed, 'The body must be consumed or destroyed.');
    await assertOnlyHolds(context, KEY, previous);
  }
}
