import { ReadBuffers } from '../../../src/storage/providers/fs/read/read-buffers.js';

const KIB = 1024;

describe('the memory of short reads', () => {
  it('is used again for lengths of the same power of two', () => {
    const buffers = new ReadBuffers();
    const first = buffers.take(64 * KIB);
    buffers.give(first);
    const second = buffers.take(33 * KIB);
    expect(second.buffer).toBe(first.buffer);
    expect(second).toHaveLength(33 * KIB);
  });

  it.each([
    ['before it is given back', 64 * KIB, 64 * KIB],
    ['for a longer read', 32 * KIB, 33 * KIB],
    ['for a much shorter read', 64 * KIB, 32 * KIB],
  ])('is not used again %s', (when, taken, next) => {
    const buffers = new ReadBuffers();
    const first = buffers.take(taken);
    if (!when.startsWith('before')) buffers.give(first);
    expect(buffers.take(next).buffer).not.toBe(first.buffer);
  });

  it('never belongs to two reads at once', () => {
    const buffers = new ReadBuffers();
    buffers.give(buffers.take(8 * KIB));
    expect(buffers.take(8 * KIB).buffer).not.toBe(buffers.take(8 * KIB).buffer);
  });

  it('is bounded after many reads at once', () => {
    const buffers = new ReadBuffers();
    const taken = Array.from({ length: 100 }, () => buffers.take(128 * KIB));
    for (const each of taken) buffers.give(each);
    const memory = new Set<unknown>(taken.map((each) => each.buffer));
    const kept = taken.filter(() => memory.has(buffers.take(128 * KIB).buffer));
    expect(kept).toHaveLength(8);
  });
});
