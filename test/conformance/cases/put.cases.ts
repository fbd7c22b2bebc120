import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { listedAs } from '../../../src/storage/contract/listed-key.js';
import { objectKey } from '../../../src/storage/contract/object-key.js';
import { bodyOf, contentOf, gate, gatedBody, KIB, MIB, slowBodyOf } from '../bodies.js';
import type { ConformanceCase, ConformanceContext } from '../conformance-case.js';
import {
  assertHolds,
  assertOnlyHolds,
  listedKeys,
  promptly,
  putText,
  readAll,
  rejectsWith,
} from '../expectations.js';

const KEY = objectKey('dir/books.parquet');
const READER_PAUSES_MS = 2_000;

const SIZES: readonly { name: string; size: number; chunkBytes?: number }[] = [
  { name: 'an empty object', size: 0 },
  { name: 'an object of one byte', size: 1 },
  { name: 'an object of 300 KiB', size: 300 * KIB },
  { name: 'an object of exactly 8 MiB', size: 8 * MIB },
  { name: 'an object of 8 MiB and one byte', size: 8 * MIB + 1 },
  { name: 'an object of 20 MiB in chunks of odd size', size: 20 * MIB + 13, chunkBytes: 99_991 },
  { name: 'an object of 12 MiB in chunks larger than a part', size: 12 * MIB, chunkBytes: 11 * MIB },
];

const sizeCases = SIZES.map(({ name, size, chunkBytes }): ConformanceCase => ({
  name: `put: keeps ${name} byte for byte`,
  async run({ provider }) {
    const content = contentOf(size);
    const result = await provider.put(KEY, bodyOf(content, chunkBytes));
    assert.equal(result.size, size);
    await assertHolds(provider, KEY, content);
  },
}));

export const putCases: readonly ConformanceCase[] = [
  ...sizeCases,
  {
    name: 'put: answers with the key, size and etag that stat then gives',
    async run({ provider }) {
      for (const size of [0, 5 * KIB, 12 * MIB]) {
        const result = await provider.put(KEY, bodyOf(contentOf(size)));
        const { key, etag, ...stat } = await provider.stat(listedAs(KEY));
        assert.deepEqual({ ...result }, { key, size: stat.size, etag, checksums: {} });
        assert.equal(key, KEY);
        assert.equal(stat.size, size);
      }
    },
  },
  {
    name: 'put: takes a body of unknown length that comes in drops',
    async run({ provider }) {
      const drops = Array.from({ length: 500 }, (_, i) => contentOf(17, i % 200));
      await provider.put(KEY, slowBodyOf(drops, setImmediate));
      await assertHolds(provider, KEY, Buffer.concat(drops));
    },
  },
  {
    name: 'put: maxBytes is a bound, not a promise',
    async run({ provider }) {
      for (const [size, maxBytes] of [
        [0, 10],
        [10, 10],
        [10, 100 * MIB],
        [9 * MIB, 9 * MIB],
      ] as const) {
        const content = contentOf(size);
        const result = await provider.put(KEY, bodyOf(content), { maxBytes });
        assert.equal(result.size, size);
        await assertHolds(provider, KEY, content);
      }
    },
  },
  {
    name: 'put: consumes its body',
    async run({ provider }) {
      const body = bodyOf(contentOf(300 * KIB));
      await provider.put(KEY, body);
      assert.ok(body.readableEnded, 'The body must have been read to its end.');
    },
  },
  {
    name: 'put: the content type that was given is kept, or null',
    async run({ provider }) {
      await provider.put(KEY, bodyOf('a,b'), { contentType: 'text/csv' });
      const { contentType } = await provider.stat(listedAs(KEY));
      assert.ok(contentType === null || contentType === 'text/csv', String(contentType));
    },
  },
  {
    name: 'put: overwriting replaces the whole object',
    async run({ provider }) {
      await provider.put(KEY, bodyOf(contentOf(9 * MIB)));
      await provider.put(KEY, bodyOf('short'));
      await assertHolds(provider, KEY, 'short');
      await provider.put(KEY, bodyOf(contentOf(9 * MIB, 2)));
      await assertHolds(provider, KEY, contentOf(9 * MIB, 2));
      assert.deepEqual(await listedKeys(provider), [KEY]);
    },
  },
  {
    name: 'put: the etag changes when the object does',
    async run({ provider }) {
      const first = await provider.put(KEY, bodyOf('one'));
      const second = await provider.put(KEY, bodyOf('two'));
      assert.ok(first.etag === null || first.etag !== second.etag, `Both are ${String(first.etag)}.`);
    },
  },
  {
    name: 'put: an etag that is a digest of the content is the same for the same content',
    needs: ({ contentEtag }) => contentEtag,
    async run({ provider }) {
      for (const content of [contentOf(0), contentOf(300 * KIB), contentOf(9 * MIB)]) {
        const first = await provider.put(KEY, bodyOf(content));
        const second = await provider.put(objectKey('other'), bodyOf(content));
        assert.equal(second.etag, first.etag);
        assert.notEqual(first.etag, null);
      }
    },
  },
  {
    name: 'put: a reader that began before an overwrite sees the old or the new, never a mixture',
    async run({ provider }) {
      const [before, after] = [contentOf(8 * MIB, 1), contentOf(8 * MIB, 2)];
      await provider.put(KEY, bodyOf(before));
      const { body } = await provider.get(listedAs(KEY));
      const first = await firstChunk(body);
      const overwritten = provider.put(KEY, bodyOf(after));
      // MinIO lets a writer wait for readers whose bytes do not fit into the sockets.
      await Promise.race([overwritten, setTimeout(READER_PAUSES_MS)]);
      const seen = Buffer.concat([first, await readAll(body)]);
      await overwritten;
      assert.ok(seen.equals(before) || seen.equals(after), 'The reader saw a mixture.');
    },
  },
  {
    name: 'put: nothing of an object is visible before its body ends',
    run: (context) => seeNothingOf(context, undefined),
  },
  {
    name: 'put: the previous object is whole until the new body ends',
    run: (context) => seeNothingOf(context, contentOf(9 * MIB, 7)),
  },
  {
    name: 'put: concurrent puts of one key end as one of them, whole',
    async run({ provider }) {
      const contents = Array.from({ length: 8 }, (_, i) => contentOf((i % 2 === 0 ? 300 : 9_000) * KIB, i));
      await Promise.all(contents.map((content) => provider.put(KEY, bodyOf(content))));
      const found = await readAll((await provider.get(listedAs(KEY))).body);
      assert.ok(
        contents.some((content) => content.equals(found)),
        'The object is none of those put.',
      );
      assert.equal((await provider.stat(listedAs(KEY))).size, found.length);
      assert.deepEqual(await listedKeys(provider), [KEY]);
    },
  },
  {
    name: 'put: many concurrent puts into one new directory all succeed',
    async run({ provider }) {
      const keys = Array.from({ length: 40 }, (_, i) => `new/deep/directory/${String(i)}.csv`);
      await Promise.all(keys.map((key) => putText(provider, key, key)));
      assert.equal((await listedKeys(provider)).length, keys.length);
    },
  },
  {
    name: 'put: a name below an object works, or is AlreadyExists and leaves the object',
    run: (context) => putInTheWay(context, 'a', 'a/b'),
  },
  {
    name: 'put: the name of a directory works, or is AlreadyExists and leaves what lies below',
    run: (context) => putInTheWay(context, 'a/b', 'a'),
  },
  {
    name: 'put: an object beyond maxObjectBytes is TooLarge and leaves nothing',
    needs: ({ maxObjectBytes }) => maxObjectBytes <= 32 * MIB,
    async run(context) {
      const { provider } = context;
      const limit = provider.capabilities.maxObjectBytes;
      const body = bodyOf(contentOf(limit + 1));
      await rejectsWith(context, 'TooLarge', provider.put(KEY, body));
      assert.ok(body.destroyed);
      await assertOnlyHolds(context, KEY, undefined);
      assert.equal((await provider.put(KEY, bodyOf(contentOf(limit)))).size, limit);
    },
  },
  {
    name: 'put: an md5, where the store knows it, is that of the content',
    async run({ provider }) {
      for (const size of [0, 300 * KIB, 9 * MIB]) {
        const content = contentOf(size);
        await provider.put(KEY, bodyOf(content));
        const { md5 } = await provider.stat(listedAs(KEY));
        if (md5 !== null) assert.equal(md5, createHash('md5').update(content).digest('hex'));
      }
    },
  },
];

async function firstChunk(body: Readable): Promise<Buffer> {
  const chunks = body.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>; // a stream of bytes
  const next = await chunks.next();
  assert.ok(next.done !== true);
  await chunks.return?.();
  return next.value;
}

/** While a body waits in its middle, only the previous object can be seen; when it has ended, only the new one. */
async function seeNothingOf(context: ConformanceContext, previous: Buffer | undefined): Promise<void> {
  const { provider } = context;
  if (previous !== undefined) await provider.put(KEY, bodyOf(previous));
  const { opened, open } = gate();
  const content = contentOf(12 * MIB);
  const putting = provider.put(KEY, gatedBody(content, opened, Buffer.from('end')));
  try {
    await setTimeout(150);
    if (previous === undefined) await rejectsWith(context, 'NotFound', provider.get(listedAs(KEY)));
    else await assertHolds(provider, KEY, previous);
    assert.deepEqual(await listedKeys(provider), previous === undefined ? [] : [KEY]);
  } finally {
    open();
    await putting;
  }
  await assertHolds(provider, KEY, Buffer.concat([content, Buffer.from('end')]));
}

async function putInTheWay(context: ConformanceContext, first: string, second: string): Promise<void> {
  const { provider } = context;
  const [there, coming] = [await putText(provider, first, 'there'), objectKey(second)];
  const body = bodyOf('coming');
  const putting = provider.put(coming, body);
  const refused = await promptly(
    context,
    putting.then(
      () => false,
      () => true,
    ),
  );
  if (refused) {
    await rejectsWith(context, 'AlreadyExists', putting);
    assert.ok(body.destroyed);
  } else {
    await assertHolds(provider, coming, 'coming');
  }
  await assertHolds(provider, there, 'there');
  await provider.remove([listedAs(coming), listedAs(there)]);
}
