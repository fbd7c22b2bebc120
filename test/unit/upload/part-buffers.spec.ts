import { jest } from '@jest/globals';
import type { PartBuffer } from '../../../src/storage/contract/buffer-lease.js';
import { BufferBudget } from '../../../src/upload/admission/buffer-budget.js';
import { PartBufferPool } from '../../../src/upload/admission/part-buffer-pool.js';
import type { UploadBuffers } from '../../../src/upload/admission/upload-buffers.js';

const MIB = 1024 * 1024;
const PART = 8 * MIB;
/** Three quarters of it are room for three part buffers. */
const MAX = 32 * MIB;

let taken: Set<unknown>;
let budget: BufferBudget;

/** It counts the buffers that were ever made. */
class CountedPool extends PartBufferPool {
  override acquire(bytes: number): Uint8Array<SharedArrayBuffer> {
    const buffer = super.acquire(bytes);
    taken.add(buffer);
    return buffer;
  }
}

interface Asked {
  readonly buffers: UploadBuffers;
  readonly leave: AbortController;
  buffer: PartBuffer | undefined;
  recalls: number;
  wakes: number;
  failure: unknown;
}

/** An upload that has asked for a part buffer. */
async function ask({ received = 0, bytes = PART } = {}): Promise<Asked> {
  const leave = new AbortController();
  const asked: Asked = {
    buffers: budget.open(),
    leave,
    buffer: undefined,
    recalls: 0,
    wakes: 0,
    failure: undefined,
  };
  asked.buffers.startReading(() => asked.wakes++);
  if (received > 0) asked.buffers.receive(received);
  const onRecall = (): void => {
    asked.recalls++;
    asked.buffer?.release();
  };
  asked.buffers.reserve(bytes, { signal: leave.signal, onRecall }).then(
    (buffer) => {
      asked.buffer = buffer;
    },
    (error: unknown) => {
      asked.failure = error;
    },
  );
  await settled();
  return asked;
}

async function askTimes(count: number, of: Parameters<typeof ask>[0] = {}): Promise<Asked[]> {
  const all: Asked[] = [];
  for (let i = 0; i < count; i++) all.push(await ask(of));
  return all;
}

async function settled(): Promise<void> {
  await jest.advanceTimersByTimeAsync(0);
}

const served = (all: readonly Asked[]): number => all.filter(({ buffer }) => buffer !== undefined).length;

beforeEach(() => {
  jest.useFakeTimers();
  taken = new Set();
  budget = new BufferBudget(MAX, new CountedPool(() => undefined));
});

afterEach(() => {
  jest.useRealTimers();
});

describe('part buffers of the budget', () => {
  it('are handed out as long as there is room, and no other one exists', async () => {
    const all = await askTimes(10);
    expect(served(all)).toBe(3);
    expect(taken.size).toBe(3);
    expect(budget.heldBytes).toBe(3 * PART);
  });

  it('go to the next when they are given back, in the order in which they were asked for', async () => {
    const all = await askTimes(5);
    all[0]?.buffer?.release();
    await settled();
    expect([all[3]?.buffer !== undefined, all[4]?.buffer !== undefined]).toEqual([true, false]);
    all[0]?.buffer?.release(); // twice is once
    await settled();
    expect(all[4]?.buffer).toBeUndefined();
    expect(taken.size).toBe(3);
  });

  it('are the same ones for burst after burst', async () => {
    for (let burst = 0; burst < 5; burst++) {
      const all = await askTimes(20);
      for (const done of all) {
        expect(budget.heldBytes).toBeLessThanOrEqual(MAX);
        done.buffer?.release();
        await settled();
      }
      expect(served(all)).toBe(20);
      for (const { buffers } of all) buffers.close();
    }
    expect(taken.size).toBe(3);
    expect([budget.heldBytes, budget.idleBytes]).toEqual([0, 3 * PART]);
    await jest.advanceTimersByTimeAsync(6_000);
    expect(budget.idleBytes).toBe(0);
  });

  it('leave room for what was received', async () => {
    const receiver = budget.open();
    receiver.receive(20 * MIB);
    const all = await askTimes(3);
    expect(served(all)).toBe(1);
    receiver.release(12 * MIB);
    await settled();
    expect(served(all)).toBe(3);
  });

  it('that are idle make room for what is received', async () => {
    const all = await askTimes(3);
    for (const { buffer } of all) buffer?.release();
    expect(budget.idleBytes).toBe(3 * PART);
    const receiver = budget.open();
    expect(receiver.receive(10 * MIB)).toBe(true);
    expect(budget.idleBytes).toBe(0);
  });

  it('that are idle make room for one of another size', async () => {
    const all = await askTimes(3);
    for (const { buffer } of all) buffer?.release();
    const [large] = await askTimes(1, { bytes: 20 * MIB });
    expect(large?.buffer?.bytes).toHaveLength(20 * MIB);
    expect(budget.idleBytes).toBe(0);
  });

  it('one of them may be larger than all room, when no other one is out', async () => {
    const [small, large, next] = [await ask(), await ask({ bytes: 2 * MAX }), await ask()];
    expect([served([small]), served([large]), served([next])]).toEqual([1, 0, 0]);
    small.buffer?.release();
    await settled();
    expect([served([large]), served([next])]).toEqual([1, 0]);
    large.buffer?.release();
    await settled();
    expect(served([next])).toBe(1);
  });
});

describe('who waits for a part buffer', () => {
  it('is not read, and is told to read on when it has one', async () => {
    const all = await askTimes(4);
    const [first, last] = [all[0], all[3]];
    expect(last?.buffers.receive(1000)).toBe(false);
    expect(last?.wakes).toBe(0);
    first?.buffer?.release();
    await settled();
    expect(last?.wakes).toBe(1);
    expect(last?.buffers.receive(1000)).toBe(true);
  });

  it('and leaves gets none, and rejects with the reason', async () => {
    const all = await askTimes(5);
    const reason = new Error('the client has left');
    all[3]?.leave.abort(reason);
    all[0]?.buffer?.release();
    await settled();
    expect(all[3]?.failure).toBe(reason);
    expect([served(all.slice(3, 4)), served(all.slice(4))]).toEqual([0, 1]);
  });

  it('gets that of one that hardly fills, after a second or two', async () => {
    const all = await askTimes(4);
    const [slow, ...fast] = all.slice(0, 3);
    for (let half = 0; half < 4; half++) {
      for (const { buffers } of fast) {
        buffers.receive(MIB);
        buffers.release(MIB);
      }
      slow?.buffers.receive(10);
      await jest.advanceTimersByTimeAsync(500);
    }
    expect(all.map(({ recalls }) => recalls)).toEqual([1, 0, 0, 0]);
    expect(all[3]?.buffer).toBeDefined();
    expect(budget.heldBytes).toBe(3 * PART + 40);
  });

  it('does not get one that is complete, however long its store takes; after five seconds one goes beyond', async () => {
    const all = await askTimes(5);
    for (const { buffer } of all) buffer?.complete();
    await jest.advanceTimersByTimeAsync(4_000);
    expect(served(all)).toBe(3);
    await jest.advanceTimersByTimeAsync(2_000);
    expect(served(all)).toBe(4);
    all[3]?.buffer?.complete();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(served(all)).toBe(4);
    expect(all.map(({ recalls }) => recalls)).toEqual([0, 0, 0, 0, 0]);
  });

  it('leaves no timer behind', async () => {
    const all = await askTimes(4);
    expect(jest.getTimerCount()).toBe(1);
    for (const { buffer } of all) buffer?.release();
    await settled();
    all[3]?.buffer?.release();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(jest.getTimerCount()).toBe(0);
  });
});
