import { jest } from '@jest/globals';
import { BufferBudget } from '../../../src/upload/admission/buffer-budget.js';
import { PartBufferPool } from '../../../src/upload/admission/part-buffer-pool.js';
import type { UploadBuffers } from '../../../src/upload/admission/upload-buffers.js';
import { DISK, S3, simulate, type SimulatedUpload } from './simulated-uploads.js';

const KIB = 1024;
const MIB = 1024 * KIB;
const MAX = 16 * MIB;

let budget: BufferBudget;

/** A budget whose pool collects nothing. */
function quiet(maxBytes: number): BufferBudget {
  return new BufferBudget(maxBytes, new PartBufferPool(() => undefined));
}

function passSecond(): void {
  jest.advanceTimersByTime(1_000);
}

/** Buffers of an upload, and how often it was told to read on. */
function openBuffers(need = MIB): { buffers: UploadBuffers; wakes: () => number } {
  const buffers = budget.open();
  let wakes = 0;
  buffers.startReading(() => wakes++);
  buffers.needs(need);
  return { buffers, wakes: () => wakes };
}

beforeEach(() => {
  jest.useFakeTimers();
  budget = new BufferBudget(MAX);
});

afterEach(() => {
  jest.useRealTimers();
});

describe('while less than half of the memory is held', () => {
  it('everybody reads as the client sends', () => {
    const bufferss = Array.from({ length: 8 }, () => openBuffers().buffers);
    for (const buffers of bufferss) expect(buffers.receive(MIB)).toBe(true);
    expect(budget.heldBytes).toBe(MAX / 2);
    expect(budget.isFull).toBe(false);
  });

  it('what was released is held no more, and no more than was held is released', () => {
    const { buffers } = openBuffers();
    buffers.receive(3 * MIB);
    buffers.release(MIB);
    expect([buffers.heldBytes, budget.heldBytes]).toEqual([2 * MIB, 2 * MIB]);
    buffers.release(100 * MIB);
    expect([buffers.heldBytes, budget.heldBytes]).toEqual([0, 0]);
  });

  it('who leaves gives everything back', () => {
    const { buffers } = openBuffers();
    buffers.receive(3 * MIB);
    buffers.close();
    expect(budget.heldBytes).toBe(0);
  });
});

describe('while more than half of the memory is held', () => {
  it('who reads on waits, until the rest of what it needs fits', () => {
    const filler = openBuffers(MIB);
    filler.buffers.receive(12 * MIB);
    const { buffers, wakes } = openBuffers(8 * MIB);
    expect(buffers.receive(64 * KIB)).toBe(false);
    expect(budget.isFull).toBe(true);
    expect(wakes()).toBe(0);
    filler.buffers.release(12 * MIB);
    expect(wakes()).toBe(1);
    expect(budget.isFull).toBe(false);
  });

  it('who holds most goes first', () => {
    const filler = openBuffers(MIB);
    filler.buffers.receive(15 * MIB);
    const [less, more] = [openBuffers(2 * MIB), openBuffers(2 * MIB)];
    expect(less.buffers.receive(100 * KIB)).toBe(false);
    expect(more.buffers.receive(200 * KIB)).toBe(false);
    filler.buffers.release(2 * MIB); // 13.3 MiB are held: there is room for one of them
    expect([less.wakes(), more.wakes()]).toEqual([0, 1]);
    expect(more.buffers.receive(64 * KIB)).toBe(true); // it may fill up
    filler.buffers.release(3 * MIB);
    expect([less.wakes(), more.wakes()]).toEqual([1, 1]);
  });

  it('who was let through reads until its store has what it needs', () => {
    const filler = openBuffers(MIB);
    filler.buffers.receive(12 * MIB);
    const { buffers, wakes } = openBuffers(MIB);
    expect(buffers.receive(512 * KIB)).toBe(true); // there is room for what it lacks
    expect(wakes()).toBe(1);
    expect(buffers.receive(256 * KIB)).toBe(true);
    expect(buffers.hasPriority).toBe(true);
    buffers.receive(256 * KIB);
    expect(buffers.hasPriority).toBe(false);
    expect(buffers.isBeingStored).toBe(true);
  });

  it('where nobody else gives anything back, one goes beyond', () => {
    const bufferss = Array.from({ length: 20 }, () => openBuffers(8 * MIB));
    for (const { buffers } of bufferss) buffers.receive(700 * KIB);
    const reading = bufferss.filter(({ buffers }) => buffers.hasPriority);
    expect(reading).toHaveLength(1);
    expect(budget.heldBytes).toBeLessThan(MAX);
  });

  it('who needs more than it was let through for waits again', () => {
    const filler = openBuffers(MIB);
    filler.buffers.receive(12 * MIB);
    const { buffers, wakes } = openBuffers(512 * KIB);
    expect(buffers.receive(64 * KIB)).toBe(true);
    buffers.needs(8 * MIB);
    expect(buffers.receive(64 * KIB)).toBe(false);
    filler.buffers.release(12 * MIB);
    expect(buffers.receive(64 * KIB)).toBe(true);
    expect(wakes()).toBe(2);
  });

  it('who needs no more than it was let through for goes on', () => {
    const filler = openBuffers(MIB);
    filler.buffers.receive(12 * MIB);
    const { buffers, wakes } = openBuffers(512 * KIB);
    expect(buffers.receive(64 * KIB)).toBe(true);
    filler.buffers.receive(4 * MIB);
    buffers.needs(256 * KIB);
    expect(buffers.receive(64 * KIB)).toBe(true);
    expect(wakes()).toBe(1);
  });

  it('after a standstill of five seconds one goes beyond, and not all', () => {
    const hung = openBuffers(MIB);
    hung.buffers.receive(12 * MIB);
    hung.buffers.end();
    const others = Array.from({ length: 4 }, () => openBuffers(8 * MIB));
    for (const { buffers } of others) expect(buffers.receive(64 * KIB)).toBe(false);
    const woken = (): number => others.filter(({ wakes }) => wakes() > 0).length;
    jest.advanceTimersByTime(4_000);
    expect(woken()).toBe(0);
    jest.advanceTimersByTime(2_000);
    expect(woken()).toBe(1);
    jest.advanceTimersByTime(6_000);
    expect(woken()).toBe(2);
    expect(budget.isFull).toBe(true);
  });

  it('one that was let through and brings nothing lets another through after a second', () => {
    const filler = openBuffers(16 * MIB);
    filler.buffers.receive(9 * MIB);
    const [idle, next] = [openBuffers(8 * MIB), openBuffers(8 * MIB)];
    idle.buffers.receive(64 * KIB);
    next.buffers.receive(64 * KIB);
    const runners = (): number => [filler, idle, next].filter(({ buffers }) => buffers.hasPriority).length;
    expect(runners()).toBe(1);
    jest.advanceTimersByTime(3_000);
    expect([filler, idle, next].filter(({ wakes }) => wakes() > 0).length).toBeGreaterThan(1);
  });

  it('who has everything does not read, and is waited for', () => {
    const { buffers } = openBuffers(8 * MIB);
    buffers.receive(9 * MIB);
    buffers.end();
    expect(buffers.isBeingStored).toBe(true);
    expect(buffers.hasPriority).toBe(false);
  });

  it('who leaves while it waits is not told any more', () => {
    const filler = openBuffers(MIB);
    filler.buffers.receive(15 * MIB);
    const { buffers, wakes } = openBuffers(8 * MIB);
    buffers.receive(64 * KIB);
    buffers.close();
    filler.buffers.close();
    expect(wakes()).toBe(0);
    expect(budget.isFull).toBe(false);
    expect(budget.heldBytes).toBe(0);
  });

  it('no timer is left where nobody waits', () => {
    const filler = openBuffers(MIB);
    filler.buffers.receive(15 * MIB);
    const { buffers } = openBuffers(8 * MIB);
    buffers.receive(64 * KIB);
    expect(jest.getTimerCount()).toBe(1);
    filler.buffers.close();
    jest.advanceTimersByTime(1_000);
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('many uploads at once all end, and hold nothing then', () => {
  const many = (count: number, upload: Partial<SimulatedUpload> = {}): SimulatedUpload[] =>
    Array.from({ length: count }, (_, i) => ({ bytes: 9 * MIB + i * 1000, store: S3, ...upload }));

  it.each<[string, number, SimulatedUpload[]]>([
    ['100 to a disk', 16 * MIB, many(100, { store: DISK })],
    ['100 to S3 in 128 MiB', 128 * MIB, many(100)],
    ['300 to S3 in 128 MiB', 128 * MIB, many(300)],
    ['600 to S3 in 128 MiB', 128 * MIB, many(600)],
    ['200 to S3 in 16 MiB', 16 * MIB, many(200)],
    ['100 to S3 in chunks of odd size', 64 * MIB, many(100, { chunkBytes: 9_973 })],
    ['200 of exactly 8 MiB to S3', 32 * MIB, many(200, { bytes: 8 * MIB })],
    ['200 of exactly 256 KiB to S3', 16 * MIB, many(200, { bytes: 256 * KIB })],
    ['to S3 and to a disk', 32 * MIB, [...many(100), ...many(100, { store: DISK })]],
    ['to S3, half of them trickling', 32 * MIB, [...many(50), ...many(50, { bytes: MIB, stepsAChunk: 7 })]],
    ['of one byte to S3', MAX, many(500, { bytes: 1 })],
    ['to S3 in less memory than one part', 4 * MIB, many(10)],
    [
      'trickling to S3, each with more than fits',
      32 * MIB,
      many(40, { chunkBytes: 16 * KIB, stepsAChunk: 3 }),
    ],
  ])('%s', async (_name, maxBytes, uploads) => {
    const outcome = await simulate(quiet(maxBytes), uploads, passSecond);
    expect(outcome).toMatchObject({ hasEnded: true, heldBytes: 0 });
  });

  it.each([
    [128 * MIB, 300],
    [64 * MIB, 100],
    [32 * MIB, 40],
  ])('and of %d bytes of memory hardly more than all is held', async (maxBytes, count) => {
    const outcome = await simulate(quiet(maxBytes), many(count), passSecond);
    expect(outcome).toMatchObject({ hasEnded: true });
    expect(outcome.mostHeldBytes).toBeGreaterThan(maxBytes / 2);
    // Each may have a chunk on its way when it is told to wait.
    expect(outcome.mostHeldBytes).toBeLessThanOrEqual(maxBytes + count * 64 * KIB);
  });

  it('and a trickling one holds no more than it has buffered', () => {
    const { buffers } = openBuffers(8 * MIB);
    for (let i = 0; i < 100; i++) buffers.receive(10);
    expect(budget.heldBytes).toBe(1000);
  });
});
