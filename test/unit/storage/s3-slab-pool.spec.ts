import { setImmediate } from 'node:timers/promises';
import { S3SlabPool, type Slab } from '../../../src/storage/providers/s3/s3-slab-pool.js';

function pool(maxBytes = 32): S3SlabPool {
  return new S3SlabPool({ maxBytes, reusedBytes: 8, maxIdleSlabs: 2 });
}

async function isPending(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  promise.then(
    () => (settled = true),
    () => (settled = true),
  );
  await setImmediate();
  return !settled;
}

describe('the slab pool', () => {
  it('gives slabs of the wanted size', async () => {
    const slabs = pool();
    expect((await slabs.acquire(8)).buffer.byteLength).toBe(8);
    expect((await slabs.acquire(12)).buffer.byteLength).toBe(12);
    expect(slabs.bytesInUse).toBe(20);
  });

  it('uses a slab again that came back', async () => {
    const slabs = pool();
    const first = await slabs.acquire(8);
    first.release();
    expect((await slabs.acquire(8)).buffer).toBe(first.buffer);
  });

  it('does not keep larger slabs, nor more idle ones than it may', async () => {
    const slabs = pool();
    const large = await slabs.acquire(16);
    large.release();
    expect((await slabs.acquire(16)).buffer).not.toBe(large.buffer);
    const three = [await slabs.acquire(8), await slabs.acquire(8)];
    for (const slab of three) slab.release();
    const again = [await slabs.acquire(8), await slabs.acquire(8)];
    expect(new Set(again.map(({ buffer }) => buffer))).toEqual(new Set(three.map(({ buffer }) => buffer)));
  });

  it('never gives one slab to two users', async () => {
    const slabs = pool();
    const first = await slabs.acquire(8);
    first.release();
    first.release();
    expect(slabs.bytesInUse).toBe(0);
    const [a, b] = [await slabs.acquire(8), await slabs.acquire(8)];
    expect(a.buffer).not.toBe(b.buffer);
  });

  it('lets a user wait while all bytes are out', async () => {
    const slabs = pool(16);
    const held = [await slabs.acquire(8), await slabs.acquire(8)];
    const waiting = slabs.acquire(8);
    expect(await isPending(waiting)).toBe(true);
    held[0]?.release();
    expect((await waiting).buffer.byteLength).toBe(8);
    expect(slabs.bytesInUse).toBe(16);
  });

  it('serves who asked first, and no small wish overtakes a large one', async () => {
    const slabs = pool(16);
    const held = await slabs.acquire(16);
    const served: string[] = [];
    const note = async (name: string, bytes: number): Promise<Slab> => {
      const slab = await slabs.acquire(bytes);
      served.push(name);
      return slab;
    };
    const large = note('large', 12);
    const small = note('small', 8);
    held.release();
    (await large).release();
    await small;
    expect(served).toEqual(['large', 'small']);
  });

  it('gives a slab larger than the whole pool to who is alone', async () => {
    const slabs = pool(16);
    const held = await slabs.acquire(8);
    const huge = slabs.acquire(100);
    expect(await isPending(huge)).toBe(true);
    held.release();
    (await huge).release();
    expect(slabs.bytesInUse).toBe(0);
  });

  it('forgets a user whose signal fires, and serves the next', async () => {
    const slabs = pool(16);
    const held = await slabs.acquire(8);
    const leaving = new AbortController();
    const left = slabs.acquire(16, leaving.signal);
    const next = slabs.acquire(8);
    expect(await isPending(next)).toBe(true);
    leaving.abort();
    await expect(left).rejects.toMatchObject({ name: 'AbortError' });
    (await next).release();
    held.release();
    expect([slabs.bytesInUse, slabs.waiting]).toEqual([0, 0]);
  });

  it('refuses at once where the signal has fired', async () => {
    await expect(pool().acquire(8, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });

  it.each(['grant first', 'signal first'])('loses no bytes where both come at once: %s', async (order) => {
    const slabs = pool(8);
    const held = await slabs.acquire(8);
    const leaving = new AbortController();
    const waiting = slabs.acquire(8, leaving.signal);
    await setImmediate();
    if (order === 'grant first') held.release();
    leaving.abort();
    if (order === 'signal first') held.release();
    const [outcome] = await Promise.allSettled([waiting]);
    if (outcome.status === 'fulfilled') outcome.value.release();
    expect([slabs.bytesInUse, slabs.waiting]).toEqual([0, 0]);
    (await slabs.acquire(8)).release();
  });
});
