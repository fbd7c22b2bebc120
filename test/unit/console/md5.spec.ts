import { createHash } from 'node:crypto';
import { Md5 } from '../../../console/src/lib/md5.js';
import { compared, md5Of } from '../../../console/src/uploads/compared-md5.js';

const CONTENT = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 256));

function expected(content: Uint8Array): string {
  return createHash('md5').update(content).digest('hex');
}

it.each([0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 5000])('makes the md5 of %d bytes', (length) => {
  const content = CONTENT.subarray(0, length);
  for (const piece of [1, 7, 64, 100, 5000]) {
    const md5 = new Md5();
    for (let from = 0; from < length; from += piece) md5.update(content.subarray(from, from + piece));
    expect(md5.digest()).toBe(expected(content));
  }
});

it('reads a file piece by piece, and stops when it is told to', async () => {
  const content = new Uint8Array(600_000).fill(9);
  expect(await md5Of(new Blob([content]), new AbortController().signal)).toBe(expected(content));
  await expect(md5Of(new Blob([content]), AbortSignal.abort())).rejects.toThrow('abort');
});

it('says nothing of an md5 that the server does not tell', () => {
  expect([compared('a', 'a'), compared('a', 'b'), compared('a', null)]).toEqual(['same', 'other', 'unknown']);
});
