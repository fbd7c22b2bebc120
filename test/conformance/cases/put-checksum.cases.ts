import assert from 'node:assert/strict';
import { CHECKSUM_ALGORITHMS, type ChecksumAlgorithm } from '../../../src/storage/contract/checksums.js';
import { objectKey } from '../../../src/storage/contract/object-key.js';
import type { PutContent } from '../../../src/storage/contract/storage-provider.js';
import { bodyOf, contentOf, KIB, MIB } from '../bodies.js';
import type { ConformanceCase } from '../conformance-case.js';
import { assertHolds } from '../expectations.js';
import { referenceChecksums } from '../reference-checksums.js';

const KEY = objectKey('dir/books.parquet');

/** A provider may take each of them by another way. */
const SIZES: readonly { name: string; size: number; chunkBytes?: number }[] = [
  { name: 'an empty object', size: 0 },
  { name: 'one byte', size: 1 },
  { name: '300 KiB', size: 300 * KIB },
  { name: '600 KiB', size: 600 * KIB },
  { name: '8 MiB', size: 8 * MIB },
  { name: '20 MiB in chunks of odd size', size: 20 * MIB + 13, chunkBytes: 99_991 },
];

const sizeCases = SIZES.map(({ name, size, chunkBytes }): ConformanceCase => ({
  name: `checksums: all algorithms give those of the whole of ${name}`,
  async run({ provider }) {
    const content = contentOf(size);
    const told: object[] = [];
    const result = await provider.put(KEY, bodyOf(content, chunkBytes), {
      checksums: CHECKSUM_ALGORITHMS,
      beforeCommit: (facts) => Promise.resolve(void told.push(plain(facts))),
    });
    const expected = { size, checksums: referenceChecksums(content, CHECKSUM_ALGORITHMS) };
    assert.deepEqual(plain(result), expected);
    assert.deepEqual(told, [expected]);
    await assertHolds(provider, KEY, content);
  },
}));

/** One that is kept with each object, one alone, and none of a kind with another. */
const SELECTIONS: readonly (readonly ChecksumAlgorithm[])[] = [
  [],
  ['md5'],
  ['sha512'],
  ['crc32c'],
  ['crc32', 'sha1'],
];

export const putChecksumCases: readonly ConformanceCase[] = [
  ...sizeCases,
  {
    name: 'checksums: nothing is computed that was not asked for',
    async run({ provider }) {
      for (const size of [KIB, 600 * KIB, 9 * MIB]) {
        for (const checksums of SELECTIONS) {
          const content = contentOf(size, checksums.length + 1);
          const result = await provider.put(KEY, bodyOf(content), { checksums });
          assert.deepEqual({ ...result.checksums }, referenceChecksums(content, checksums));
        }
      }
    },
  },
  {
    name: 'checksums: of many puts at once are each those of its own content',
    async run({ provider }) {
      const contents = Array.from({ length: 12 }, (_, i) =>
        contentOf(i % 3 === 0 ? 9 * MIB : i * 100 * KIB, i),
      );
      const results = await Promise.all(
        contents.map((content, i) =>
          provider.put(objectKey(`many/${String(i)}`), bodyOf(content), { checksums: ['md5', 'crc32'] }),
        ),
      );
      const expected = contents.map((content) => referenceChecksums(content, ['md5', 'crc32']));
      assert.deepEqual(
        results.map(({ checksums }) => ({ ...checksums })),
        expected,
      );
    },
  },
];

/** Without what a thread's copy of an object has of its own. */
function plain({ size, checksums }: PutContent): object {
  return { size, checksums: { ...checksums } };
}
