import { randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { ShortReads } from '../../../src/storage/providers/fs/short-reads.js';
import { ofKind } from '../of-kind.js';

const content = randomBytes(10_000);
let folder: string;
let fd: number;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stagedoor-reads-'));
  writeFileSync(join(folder, 'file'), content);
  fd = openSync(join(folder, 'file'), 'r');
});
afterAll(() => {
  closeSync(fd);
  rmSync(folder, { recursive: true });
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe.each([
  ['a disk that answers at once', 0],
  ['a slow disk', 5],
])('short reads of %s', (_name, millisecondsARead) => {
  beforeEach(() => {
    let now = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => (now += millisecondsARead));
  });

  it.each([
    [0, 9_999],
    [0, 0],
    [5_000, 5_999],
    [0, -1],
  ])('give exactly the bytes from %d to %d, again and again', async (start, end) => {
    const reads = new ShortReads();
    for (let i = 0; i < 3; i++) {
      expect((await reads.read(fd, { start, end })).equals(content.subarray(start, end + 1))).toBe(true);
    }
  });

  it('fail where the file is shorter than it was', async () => {
    const reads = new ShortReads();
    for (let i = 0; i < 3; i++) {
      await expect(reads.read(fd, { start: 9_000, end: 10_000 })).rejects.toThrow(ofKind('Unavailable'));
    }
  });
});
