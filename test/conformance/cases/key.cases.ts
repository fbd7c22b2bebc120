import assert from 'node:assert/strict';
import { listedAs } from '../../../src/storage/contract/listed-key.js';
import { objectKey } from '../../../src/storage/contract/object-key.js';
import type { ConformanceCase, ConformanceContext } from '../conformance-case.js';
import { assertHolds, inByteOrder, listedKeys, putAll, putText, rejectsWith } from '../expectations.js';

// 960 bytes: below S3's 1,024 with room for the root prefix that a test may need.
const LONG_KEY = [...Array.from({ length: 9 }, (_, i) => String(i).repeat(99)), 'x'.repeat(60)].join('/');

const NAMES: readonly { what: string; key: string }[] = [
  { what: 'spaces', key: 'two  spaces/a b.csv' },
  { what: 'quotes', key: `it's/"quoted".csv` },
  { what: 'a percent sign', key: '100%/50%25.csv' },
  { what: 'what looks percent-encoded', key: 'a%20b%2Fc.csv' },
  { what: 'a plus sign', key: 'a+b/c++.csv' },
  { what: 'a number sign', key: 'c#/a#b.csv' },
  { what: 'a question mark', key: 'what?/a?b=c.csv' },
  { what: 'an ampersand', key: 'a&b/c&amp;d.csv' },
  { what: 'punctuation', key: 'a;b,c@d!$(e)[f]{g}^~|`<h>*:.csv' },
  { what: 'Japanese', key: '日本/東京.csv' },
  { what: 'an emoji', key: '🎭/🎟.csv' },
  { what: 'a partition', key: 'dt=2024-01-01/hour=00/part-0' },
  { what: 'a backslash', key: 'back\\slash/a\\b.csv' },
  { what: 'a component of 255 bytes', key: `dir/${'c'.repeat(251)}.csv` },
  { what: 'a component of 255 bytes, in three-byte characters', key: '日'.repeat(85) },
  { what: 'nearly as many bytes as a key may have', key: LONG_KEY },
  { what: 'components that begin with a dot', key: '.hidden/.file' },
  { what: 'dots that lead nowhere', key: '..a/.../b..' },
  { what: 'the name __proto__', key: '__proto__' },
  { what: 'the name constructor', key: 'constructor/toString' },
  { what: 'the suffix of a temporary file', key: 'dir/a.csv.tmp' },
];

export const keyCases: readonly ConformanceCase[] = [
  ...NAMES.map(({ what, key }) => ({
    name: `keys: a name with ${what} works in every operation`,
    run: (context: ConformanceContext) => useEverywhere(context, key),
  })),
  {
    name: 'keys: names that an encoding could confuse are different objects',
    async run({ provider }) {
      const keys = ['a b', 'a+b', 'a%20b', 'a%2Bb', 'a%2520b', 'a_b', 'a&amp;b', 'a&b'];
      await putAll(provider, keys);
      for (const key of keys) await assertHolds(provider, objectKey(key), key);
      assert.deepEqual(await listedKeys(provider), inByteOrder(keys));
    },
  },
];

async function useEverywhere(context: ConformanceContext, text: string): Promise<void> {
  const { provider } = context;
  const key = await putText(provider, text, `content of ${text}`);
  await assertHolds(provider, key, `content of ${text}`);
  assert.equal((await provider.stat(listedAs(key))).key, text);
  assert.deepEqual(await listedKeys(provider), [text]);
  assert.deepEqual(await listedKeys(provider, { prefix: text }), [text]);
  assert.deepEqual(await listedKeys(provider, { prefix: text.slice(0, 3) }), [text]);
  assert.deepEqual(await listedKeys(provider, { startAfter: text }), []);
  assert.deepEqual(await provider.remove([listedAs(key)]), { removed: 1, failures: [] });
  await rejectsWith(context, 'NotFound', provider.stat(listedAs(key)));
  assert.deepEqual(await listedKeys(provider), []);
}
