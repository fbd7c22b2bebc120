import assert from 'node:assert/strict';
import { listedAs } from '../../../src/storage/contract/listed-key.js';
import { objectKey } from '../../../src/storage/contract/object-key.js';
import type { ByteRange } from '../../../src/storage/contract/storage-provider.js';
import { bodyOf, contentOf, MIB } from '../bodies.js';
import type { ConformanceCase, ConformanceContext } from '../conformance-case.js';
import { assertHolds, assertSameStat, promptly, putText, readAll, rejectsWith } from '../expectations.js';

const KEY = objectKey('dir/books.parquet');
const SIZE = 1000;
const CONTENT = contentOf(SIZE);

const RANGES: readonly { name: string; range: ByteRange; start: number; end: number }[] = [
  { name: 'a range has both its ends', range: { start: 10, end: 19 }, start: 10, end: 19 },
  { name: 'a range can be one byte', range: { start: 10, end: 10 }, start: 10, end: 10 },
  { name: 'a range can be the first byte', range: { start: 0, end: 0 }, start: 0, end: 0 },
  { name: 'a range without an end goes to the last byte', range: { start: 10 }, start: 10, end: 999 },
  { name: 'a range can be the last byte', range: { start: 999 }, start: 999, end: 999 },
  { name: 'a range from 0 without an end is the whole', range: { start: 0 }, start: 0, end: 999 },
  { name: 'a range is cut to the object', range: { start: 990, end: 5000 }, start: 990, end: 999 },
  { name: 'a suffix is the last bytes', range: { suffixLength: 10 }, start: 990, end: 999 },
  { name: 'a suffix longer than the object is the whole', range: { suffixLength: 5000 }, start: 0, end: 999 },
];

const REFUSED: readonly { name: string; range: ByteRange; size: number }[] = [
  { name: 'a range that starts right behind the last byte', range: { start: SIZE }, size: SIZE },
  { name: 'a range that starts far past the end', range: { start: 5000, end: 6000 }, size: SIZE },
  { name: 'a suffix of no bytes', range: { suffixLength: 0 }, size: SIZE },
  { name: 'any start in an empty object', range: { start: 0 }, size: 0 },
  { name: 'a suffix of an empty object', range: { suffixLength: 5 }, size: 0 },
  { name: 'a range that ends before it starts', range: { start: 10, end: 9 }, size: SIZE },
];

const rangeCases = RANGES.map(({ name, range, start, end }): ConformanceCase => ({
  name: `get: ${name}`,
  async run({ provider }) {
    await provider.put(KEY, bodyOf(CONTENT));
    const found = await provider.get(listedAs(KEY), { range });
    assert.deepEqual({ ...found.range }, { start, end });
    assert.equal(found.stat.size, SIZE, 'The stat is that of the whole object.');
    assert.ok((await readAll(found.body)).equals(CONTENT.subarray(start, end + 1)), 'The bytes differ.');
  },
}));

const refusedCases = REFUSED.map(({ name, range, size }): ConformanceCase => ({
  name: `get: ${name} is RangeNotSatisfiable`,
  async run(context) {
    await context.provider.put(KEY, bodyOf(contentOf(size)));
    await rejectsWith(context, 'RangeNotSatisfiable', context.provider.get(listedAs(KEY), { range }));
  },
}));

export const getCases: readonly ConformanceCase[] = [
  ...rangeCases,
  ...refusedCases,
  {
    name: 'get: a range may reach across the parts of a large object',
    async run({ provider }) {
      const content = contentOf(20 * MIB);
      await provider.put(KEY, bodyOf(content));
      const range = { start: 5 * MIB - 7, end: 17 * MIB + 3 };
      const { body } = await provider.get(listedAs(KEY), { range });
      assert.ok((await readAll(body)).equals(content.subarray(range.start, range.end + 1)));
    },
  },
  {
    name: 'get: without a range the whole object comes, and its stat',
    async run({ provider }) {
      await provider.put(KEY, bodyOf(CONTENT), { contentType: 'text/csv' });
      const found = await provider.get(listedAs(KEY));
      assert.deepEqual({ ...found.range }, { start: 0, end: SIZE - 1 });
      assert.ok((await readAll(found.body)).equals(CONTENT));
      const stat = await provider.stat(listedAs(KEY));
      assertSameStat(found.stat, stat);
      assert.equal(found.stat.contentType, stat.contentType);
    },
  },
  {
    name: 'get: an empty object has an empty body, and a range that ends before it starts',
    async run({ provider }) {
      await provider.put(KEY, bodyOf(''));
      const { body, range } = await provider.get(listedAs(KEY));
      assert.equal((await readAll(body)).length, 0);
      assert.deepEqual({ ...range }, { start: 0, end: -1 });
    },
  },
  {
    name: 'get: a missing object rejects the promise as NotFound',
    run: (context) => assertMissing(context, (key) => context.provider.get(listedAs(key))),
  },
  {
    name: 'get: a range of a missing object is NotFound',
    run: (context) => rejectsWithMissingRange(context),
  },
  {
    name: 'get: a body that is destroyed early does no harm',
    async run(context) {
      const { provider } = context;
      await provider.put(KEY, bodyOf(contentOf(8 * MIB)));
      // More often than a store's client has connections.
      for (let i = 0; i < 70; i++) {
        const { body } = await promptly(context, provider.get(listedAs(KEY)));
        if (i % 2 === 0) await body.iterator({ destroyOnReturn: true }).next();
        body.destroy();
      }
      await assertHolds(provider, KEY, contentOf(8 * MIB));
    },
  },
  {
    name: 'get: readers of one object do not disturb each other',
    async run({ provider }) {
      const content = contentOf(9 * MIB);
      await provider.put(KEY, bodyOf(content));
      await Promise.all(Array.from({ length: 8 }, () => assertHolds(provider, KEY, content)));
    },
  },
  {
    name: 'stat: a missing object is NotFound',
    run: (context) => assertMissing(context, (key) => context.provider.stat(listedAs(key))),
  },
  {
    name: 'stat: says the size, a quoted etag and when the object was put',
    async run({ provider }) {
      const before = Date.now();
      await provider.put(KEY, bodyOf(CONTENT));
      const stat = await provider.stat(listedAs(KEY));
      assert.equal(stat.key, KEY);
      assert.equal(stat.size, SIZE);
      if (stat.etag !== null) assert.match(stat.etag, /^(W\/)?"[^"]*"$/);
      const awayMs = Math.abs(stat.lastModified.getTime() - before);
      assert.ok(awayMs < 300_000, `lastModified is ${String(awayMs)} ms away.`);
    },
  },
  {
    name: 'stat: says the same every time, as long as the object does not change',
    async run({ provider }) {
      await provider.put(KEY, bodyOf(CONTENT));
      const stat = await provider.stat(listedAs(KEY));
      await readAll((await provider.get(listedAs(KEY))).body);
      assertSameStat(await provider.stat(listedAs(KEY)), stat);
    },
  },
];

/** An empty root, a neighbour, the directory of an object and a name below an object: none of them is an object. */
async function assertMissing(
  context: ConformanceContext,
  operation: (key: typeof KEY) => Promise<unknown>,
): Promise<void> {
  await rejectsWith(context, 'NotFound', operation(KEY));
  await putText(context.provider, 'dir/books.parquet', 'there');
  for (const absent of ['dir/books', 'dir', 'dir/books.parquet/part-0', 'other/deep/name']) {
    await rejectsWith(context, 'NotFound', operation(objectKey(absent)));
  }
}

async function rejectsWithMissingRange(context: ConformanceContext): Promise<void> {
  for (const range of [{ start: 0, end: 9 }, { start: 5 }, { suffixLength: 5 }]) {
    await rejectsWith(context, 'NotFound', context.provider.get(listedAs(KEY), { range }));
  }
}
