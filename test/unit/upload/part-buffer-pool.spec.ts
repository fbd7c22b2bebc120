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
    const bytes = pool.take(3 * MIB);
    expect(bytes).toHaveLength(3 * MIB);
    expect(bytes.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('are used again when they were given back, by who asks for their length', () => {
    const first = pool.take(MIB);
    pool.give(first);
    expect(pool.idleBytes).toBe(MIB);
    expect(pool.take(2 * MIB)).not.toBe(first);
    expect(pool.take(MIB)).toBe(first);
    expect(pool.idleBytes).toBe(0);
    expect(pool.take(MIB)).not.toBe(first);
  });

  it('are kept from burst to burst', () => {
    const first = Array.from({ length: 4 }, () => pool.take(MIB));
    for (const buffer of first) pool.give(buffer);
    const second = Array.from({ length: 4 }, () => pool.take(MIB));
    expect(new Set(second)).toEqual(new Set(first));
    expect(collections).toBe(0);
  });

  it('are freed when they have lain idle, and no timer is left then', () => {
    const buffers = [pool.take(MIB), pool.take(MIB)];
    for (const buffer of buffers) pool.give(buffer);
    jest.advanceTimersByTime(2 * IDLE_MS);
    expect(pool.idleBytes).toBe(0);
    expect(collections).toBe(1);
    expect(buffers).not.toContain(pool.take(MIB));
    expect(jest.getTimerCount()).toBe(0);
  });

  it('stay as many as are used, and the others are freed', () => {
    const buffers = Array.from({ length: 5 }, () => pool.take(MIB));
    for (const buffer of buffers) pool.give(buffer);
    for (let look = 0; look < 8; look++) {
      const used = [pool.take(MIB), pool.take(MIB)];
      jest.advanceTimersByTime(IDLE_MS / 2);
      for (const buffer of used) pool.give(buffer);
    }
    expect(pool.idleBytes).toBe(2 * MIB);
  });

  it('are freed at once where their memory is wanted', () => {
    pool.give(pool.take(MIB));
    pool.freeAll();
    expect(pool.idleBytes).toBe(0);
    expect(collections).toBe(1);
    pool.freeAll();
    expect(collections).toBe(1);
  });
});
