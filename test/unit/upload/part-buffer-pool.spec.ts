import { jest } from '@jest/globals';
import { PartBufferPool } from '../../../src/upload/admission/part-buffer-pool.js';

const MIB = 1024 * 1024;
const IDLE_MS = 3_000;

let collections: number;
let pool: PartBufferPool;

beforeEach(() => {
  jest.useFakeTimers();
  collections = 0;
  pool = new PartBufferPool(() => collections++);
});

afterEach(() => {
  jest.useRealTimers();
});

describe('part buffers of the pool', () => {
  it('have the length that was asked for, in memory that other threads can read', () => {
    const bytes = pool.acquire(3 * MIB);
    expect(bytes).toHaveLength(3 * MIB);
    expect(bytes.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('are used again when they were given back, by who asks for their length', () => {
    const first = pool.acquire(MIB);
    pool.release(first);
    expect(pool.idleBytes).toBe(MIB);
    expect(pool.acquire(2 * MIB)).not.toBe(first);
    expect(pool.acquire(MIB)).toBe(first);
    expect(pool.idleBytes).toBe(0);
    expect(pool.acquire(MIB)).not.toBe(first);
  });

  it('are kept from burst to burst', () => {
    const first = Array.from({ length: 4 }, () => pool.acquire(MIB));
    for (const buffer of first) pool.release(buffer);
    const second = Array.from({ length: 4 }, () => pool.acquire(MIB));
    expect(new Set(second)).toEqual(new Set(first));
    expect(collections).toBe(0);
  });

  it('are freed when they have lain idle, and no timer is left then', () => {
    const buffers = [pool.acquire(MIB), pool.acquire(MIB)];
    for (const buffer of buffers) pool.release(buffer);
    jest.advanceTimersByTime(2 * IDLE_MS);
    expect(pool.idleBytes).toBe(0);
    expect(collections).toBe(1);
    expect(buffers).not.toContain(pool.acquire(MIB));
    expect(jest.getTimerCount()).toBe(0);
  });

  it('stay as many as are used, and the others are freed', () => {
    const buffers = Array.from({ length: 5 }, () => pool.acquire(MIB));
    for (const buffer of buffers) pool.release(buffer);
    for (let look = 0; look < 8; look++) {
      const used = [pool.acquire(MIB), pool.acquire(MIB)];
      jest.advanceTimersByTime(IDLE_MS / 2);
      for (const buffer of used) pool.release(buffer);
    }
    expect(pool.idleBytes).toBe(2 * MIB);
  });

  it('are freed at once where their memory is wanted', () => {
    pool.release(pool.acquire(MIB));
    pool.freeAll();
    expect(pool.idleBytes).toBe(0);
    expect(collections).toBe(1);
    pool.freeAll();
    expect(collections).toBe(1);
  });
});
