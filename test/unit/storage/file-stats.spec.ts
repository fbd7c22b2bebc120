import { lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileStats } from '../../../src/storage/providers/fs/file-stats.js';
import { manyFileStats } from '../../../src/storage/providers/fs/stat-thread.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stagedoor-stats-'));
  writeFileSync(join(folder, 'empty'), '');
  writeFileSync(join(folder, 'ü b'), 'content');
  mkdirSync(join(folder, 'below'));
  writeFileSync(join(folder, 'below', 'c'), 'abc');
  symlinkSync(join(folder, 'empty'), join(folder, 'link'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('what is known of files', () => {
  const names = ['empty', 'ü b', 'below', 'below/c', 'link', 'missing'];
  const isFile = [true, true, false, true, false, false];

  it('is the same by a thread as here, and nothing of what is no file', async () => {
    const byThread = await manyFileStats({ directory: `${folder}/`, names });
    names.forEach((name, index) => {
      const { size, mtimeMs, ino } = isFile[index] === true ? lstatSync(join(folder, name)) : {};
      const expected = size === undefined ? undefined : { size, mtimeMs, ino };
      expect([name, byThread[index]]).toEqual([name, expected]);
      const here = fileStats(join(folder, name));
      expect([name, here && { size: here.size, mtimeMs: here.mtimeMs, ino: here.ino }]).toEqual([
        name,
        expected,
      ]);
    });
  });

  it('comes in the order of the questions, of many at once', async () => {
    const sizes = await Promise.all(
      Array.from({ length: 200 }, async (_, i) => {
        const asked = i % 2 === 0 ? ['empty', 'ü b'] : ['below/c'];
        return (await manyFileStats({ directory: `${folder}/`, names: asked })).map((stats) => stats?.size);
      }),
    );
    expect(sizes).toEqual(Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? [0, 7] : [3])));
  });

  it('fails with the code of the system, also by a thread', async () => {
    const request = { directory: `${folder}/empty/`, names: ['a'] };
    await expect(manyFileStats(request)).rejects.toMatchObject({ code: 'ENOTDIR' });
    expect(() => fileStats(join(folder, 'empty', 'a'))).toThrow('ENOTDIR');
  });
});
