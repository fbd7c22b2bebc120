import { SlabPool } from '../../../src/storage/multipart/slab-pool.js';

const MIB = 1024 * 1024;

function pool(maxIdleSlabs = 2): SlabPool {
  return new SlabPool({ reusedBytes: MIB, maxIdleSlabs });
}

describe('slabs', () => {
  it('have the length that was asked for, in memory that other threads can read', () => {
    const { bytes } = pool().take(3 * MIB);
    expect(bytes).toHaveLength(3 * MIB);
    expect(bytes.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('of the usual size are used again when they were given back', () => {
    const slabs = pool();
    const first = slabs.take(MIB);
    first.release();
    expect(slabs.take(MIB).bytes).toBe(first.bytes);
    expect(slabs.take(MIB).bytes).not.toBe(first.bytes);
  });

  it('that are out are nobody else’s', () => {
    const slabs = pool();
    expect(slabs.take(MIB).bytes).not.toBe(slabs.take(MIB).bytes);
  });

  it('given back twice are kept once', () => {
    const slabs = pool();
    const slab = slabs.take(MIB);
    slab.release();
    slab.release();
    expect(slabs.take(MIB).bytes).toBe(slab.bytes);
    expect(slabs.take(MIB).bytes).not.toBe(slab.bytes);
  });

  it('beyond those that may lie idle, and those of another size, are left to the collector', () => {
    const slabs = pool(1);
    const [kept, dropped, large] = [slabs.take(MIB), slabs.take(MIB), slabs.take(2 * MIB)];
    for (const slab of [kept, dropped, large]) slab.release();
    expect(slabs.take(MIB).bytes).toBe(kept.bytes);
    expect(slabs.take(MIB).bytes).not.toBe(dropped.bytes);
    expect(slabs.take(2 * MIB).bytes).not.toBe(large.bytes);
  });
});
