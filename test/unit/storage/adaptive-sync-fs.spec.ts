import { randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { AdaptiveSyncFs } from '../../../src/storage/providers/fs/adaptive-sync-fs.js';
import { ReadBuffers } from '../../../src/storage/providers/fs/read/read-buffers.js';
import { readRange } from '../../../src/storage/providers/fs/read/read-range.js';
import { TemporaryFile } from '../../../src/storage/providers/fs/write/temporary-file.js';
import { ofKind } from '../of-kind.js';

const buffers = new ReadBuffers();
let folder: string;
let now: number;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stagedoor-calls-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  now = performance.now();
  jest.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe('calls that are most often quick', () => {
  let calls: AdaptiveSyncFs;
  beforeEach(() => {
    calls = new AdaptiveSyncFs();
  });
  const call = (milliseconds: number): Promise<string> =>
    calls.run(
      () => {
        now += milliseconds;
        return 'at once';
      },
      () => Promise.resolve('by a thread'),
    );

  it('run at once, by threads for a while after one that was slow, and at once again', async () => {
    expect(await call(0.1)).toBe('at once');
    expect(await call(7)).toBe('at once');
    expect(await call(0.1)).toBe('by a thread');
    now += 50;
    expect(await call(0.1)).toBe('by a thread');
    now += 100;
    expect(await call(0.1)).toBe('at once');
    expect(await call(0.1)).toBe('at once');
  });

  it('are tried at once less and less often while the disk stays slow', async () => {
    const tried: number[] = [];
    const began = now;
    while (now - began < 20_000) {
      if ((await call(1)) === 'at once') tried.push(now - began);
      now += 10;
    }
    const pauses = tried.slice(1).map((time, index) => time - (tried[index] ?? 0));
    expect(pauses.length).toBeLessThan(12);
    expect(Math.max(...pauses)).toBeGreaterThan(4_900);
    await call(0.1);
    now += 5_100;
    expect([await call(0.1), await call(7)]).toEqual(['at once', 'at once']);
    now += 110;
    expect(await call(0.1)).toBe('at once');
  });

  it('fail as they do', async () => {
    const failure = new Error('no');
    const failing = calls.run(
      () => {
        throw failure;
      },
      () => Promise.resolve(),
    );
    await expect(failing).rejects.toBe(failure);
  });
});

describe.each([
  ['answers at once', 0],
  ['is slow', 60],
])('on a disk that %s', (_name, millisecondsACall) => {
  beforeEach(() => {
    jest.spyOn(performance, 'now').mockImplementation(() => (now += millisecondsACall));
  });

  it('a short range is read whole', async () => {
    const content = randomBytes(10_000);
    writeFileSync(join(folder, 'read'), content);
    const fd = openSync(join(folder, 'read'), 'r');
    try {
      for (const [start, end] of [
        [0, 9_999],
        [0, 0],
        [5_000, 5_999],
        [0, -1],
      ] as const) {
        expect((await readRange(fd, { start, end }, buffers)).equals(content.subarray(start, end + 1))).toBe(
          true,
        );
      }
      await expect(readRange(fd, { start: 9_000, end: 10_000 }, buffers)).rejects.toThrow(
        ofKind('Unavailable'),
      );
    } finally {
      closeSync(fd);
    }
  });

  it('a new file is written and closed, and one that is there is not taken', async () => {
    const path = join(folder, `written ${String(millisecondsACall)}`);
    const file = await TemporaryFile.create(path, 0o666);
    expect(await file.write([Buffer.from('ab'), Buffer.from('c')], 0)).toBe(3);
    expect(await file.write([Buffer.alloc(200_000)], 3)).toBe(200_000);
    await file.sync();
    expect(file.stats.size).toBe(200_003);
    await file.close();
    expect(() => file.stats).toThrow('EBADF');
    await expect(TemporaryFile.create(path, 0o666)).rejects.toThrow('EEXIST');
  });
});
