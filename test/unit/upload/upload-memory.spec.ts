import { jest } from '@jest/globals';
import { UploadMemory, type MemoryShare } from '../../../src/upload/admission/upload-memory.js';
import { DISK, S3, simulate, type SimulatedUpload } from './simulated-uploads.js';

const KIB = 1024;
const MIB = 1024 * KIB;
const MAX = 16 * MIB;

let memory: UploadMemory;

function passSecond(): void {
  jest.advanceTimersByTime(1_000);
}

/** A share, and how often it was told to read on. */
function openShare(need = MIB): { share: MemoryShare; wakes: () => number } {
  const share = memory.open();
  let wakes = 0;
  share.startReading(() => wakes++);
  share.willHold(need);
  return { share, wakes: () => wakes };
}

beforeEach(() => {
  jest.useFakeTimers();
  memory = new UploadMemory(MAX);
});

afterEach(() => {
  jest.useRealTimers();
});

describe('while less than half of the memory is held', () => {
  it('everybody reads as the client sends', () => {
    const shares = Array.from({ length: 8 }, () => openShare().share);
    for (const share of shares) expect(share.take(MIB)).toBe(true);
    expect(memory.heldBytes).toBe(MAX / 2);
    expect(memory.isScarce).toBe(false);
  });

  it('what was released is held no more, and no more than was held is released', () => {
    const { share } = openShare();
    share.take(3 * MIB);
    share.release(MIB);
    expect([share.heldBytes, memory.heldBytes]).toEqual([2 * MIB, 2 * MIB]);
    share.release(100 * MIB);
    expect([share.heldBytes, memory.heldBytes]).toEqual([0, 0]);
  });

  it('who leaves gives everything back', () => {
    const { share } = openShare();
    share.take(3 * MIB);
    share.close();
    expect(memory.heldBytes).toBe(0);
  });
});

describe('while more than half of the memory is held', () => {
  it('who reads on waits, until the rest of what it needs fits', () => {
    const filler = openShare(MIB);
    filler.share.take(12 * MIB);
    const { share, wakes } = openShare(8 * MIB);
    expect(share.take(64 * KIB)).toBe(false);
    expect(memory.isScarce).toBe(true);
    expect(wakes()).toBe(0);
    filler.share.release(12 * MIB);
    expect(wakes()).toBe(1);
    expect(memory.isScarce).toBe(false);
  });

  it('who holds most goes first', () => {
    const filler = openShare(MIB);
    filler.share.take(15 * MIB);
    const [less, more] = [openShare(2 * MIB), openShare(2 * MIB)];
    expect(less.share.take(100 * KIB)).toBe(false);
    expect(more.share.take(200 * KIB)).toBe(false);
    filler.share.release(2 * MIB); // 13.3 MiB are held: there is room for one of them
    expect([less.wakes(), more.wakes()]).toEqual([0, 1]);
    expect(more.share.take(64 * KIB)).toBe(true); // it may fill up
    filler.share.release(3 * MIB);
    expect([less.wakes(), more.wakes()]).toEqual([1, 1]);
  });

  it('who was let through reads until its store has what it needs', () => {
    const filler = openShare(MIB);
    filler.share.take(12 * MIB);
    const { share, wakes } = openShare(MIB);
    expect(share.take(512 * KIB)).toBe(true); // there is room for what it lacks
    expect(wakes()).toBe(1);
    expect(share.take(256 * KIB)).toBe(true);
    expect(share.mayFillUp).toBe(true);
    share.take(256 * KIB);
    expect(share.mayFillUp).toBe(false);
    expect(share.isBeingStored).toBe(true);
  });

  it('where nobody else gives anything back, one goes beyond', () => {
    const shares = Array.from({ length: 20 }, () => openShare(8 * MIB));
    for (const { share } of shares) share.take(700 * KIB);
    const reading = shares.filter(({ share }) => share.mayFillUp);
    expect(reading).toHaveLength(1);
    expect(memory.heldBytes).toBeLessThan(MAX);
  });

  it('who needs more than it was let through for waits again', () => {
    const filler = openShare(MIB);
    filler.share.take(12 * MIB);
    const { share, wakes } = openShare(512 * KIB);
    expect(share.take(64 * KIB)).toBe(true);
    share.willHold(8 * MIB);
    expect(share.take(64 * KIB)).toBe(false);
    filler.share.release(12 * MIB);
    expect(share.take(64 * KIB)).toBe(true);
    expect(wakes()).toBe(2);
  });

  it('after a standstill of five seconds one goes beyond, and not all', () => {
    const hung = openShare(MIB);
    hung.share.take(12 * MIB);
    hung.share.end();
    const others = Array.from({ length: 4 }, () => openShare(8 * MIB));
    for (const { share } of others) expect(share.take(64 * KIB)).toBe(false);
    const woken = (): number => others.filter(({ wakes }) => wakes() > 0).length;
    jest.advanceTimersByTime(4_000);
    expect(woken()).toBe(0);
    jest.advanceTimersByTime(2_000);
    expect(woken()).toBe(1);
    jest.advanceTimersByTime(6_000);
    expect(woken()).toBe(2);
    expect(memory.isScarce).toBe(true);
  });

  it('one that was let through and brings nothing lets another through after a second', () => {
    const filler = openShare(16 * MIB);
    filler.share.take(9 * MIB);
    const [idle, next] = [openShare(8 * MIB), openShare(8 * MIB)];
    idle.share.take(64 * KIB);
    next.share.take(64 * KIB);
    const runners = (): number => [filler, idle, next].filter(({ share }) => share.mayFillUp).length;
    expect(runners()).toBe(1);
    jest.advanceTimersByTime(3_000);
    expect([filler, idle, next].filter(({ wakes }) => wakes() > 0).length).toBeGreaterThan(1);
  });

  it('who has everything does not read, and is waited for', () => {
    const { share } = openShare(8 * MIB);
    share.take(9 * MIB);
    share.end();
    expect(share.isBeingStored).toBe(true);
    expect(share.mayFillUp).toBe(false);
  });

  it('who leaves while it waits is not told any more', () => {
    const filler = openShare(MIB);
    filler.share.take(15 * MIB);
    const { share, wakes } = openShare(8 * MIB);
    share.take(64 * KIB);
    share.close();
    filler.share.close();
    expect(wakes()).toBe(0);
    expect(memory.isScarce).toBe(false);
    expect(memory.heldBytes).toBe(0);
  });

  it('no timer is left where nobody waits', () => {
    const filler = openShare(MIB);
    filler.share.take(15 * MIB);
    const { share } = openShare(8 * MIB);
    share.take(64 * KIB);
    expect(jest.getTimerCount()).toBe(1);
    filler.share.close();
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
    ['1000 to S3 in 128 MiB', 128 * MIB, many(1000)],
    ['200 to S3 in 16 MiB', 16 * MIB, many(200)],
    ['100 to S3 in chunks of odd size', 64 * MIB, many(100, { chunkBytes: 9_973 })],
    ['200 of exactly 8 MiB to S3', 32 * MIB, many(200, { bytes: 8 * MIB })],
    ['200 of exactly 256 KiB to S3', 16 * MIB, many(200, { bytes: 256 * KIB })],
    ['to S3 and to a disk', 32 * MIB, [...many(100), ...many(100, { store: DISK })]],
    ['to S3, half of them trickling', 32 * MIB, [...many(50), ...many(50, { bytes: MIB, stepsAChunk: 7 })]],
    ['of one byte to S3', MAX, many(500, { bytes: 1 })],
    ['to S3 in less memory than one part', 4 * MIB, many(10)],
  ])('%s', (_name, maxBytes, uploads) => {
    const outcome = simulate(maxBytes, uploads, passSecond);
    expect(outcome).toMatchObject({ hasEnded: true, heldBytes: 0 });
  });

  it.each([
    [128 * MIB, 300],
    [64 * MIB, 100],
  ])('and of %d bytes of memory little more than all is held', (maxBytes, count) => {
    const outcome = simulate(maxBytes, many(count), passSecond);
    // Each may have a chunk on its way when it is told to wait, and one may go beyond.
    expect(outcome.mostHeldBytes).toBeLessThanOrEqual(maxBytes + count * 64 * KIB + 8 * MIB);
  });

  it('and a trickling one holds no more than it has buffered', () => {
    const { share } = openShare(8 * MIB);
    for (let i = 0; i < 100; i++) share.take(10);
    expect(memory.heldBytes).toBe(1000);
  });
});
