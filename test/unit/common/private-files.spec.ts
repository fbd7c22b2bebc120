import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePrivateDirectory, tightenTree } from '../../../src/common/private-files.js';
import { ANOTHER_USER, describeWithMounts, Mounts } from '../../support/mounts.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stagedoor-private-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const mode = (...path: string[]): string => (statSync(join(folder, ...path)).mode & 0o777).toString(8);

/** As an older build has left it. */
function plant(...path: string[]): void {
  mkdirSync(join(folder, ...path), { recursive: true, mode: 0o755 });
  writeFileSync(join(folder, ...path, 'file'), '', { mode: 0o644 });
}

describe('a private directory', () => {
  it('is made with those above it, which keep their modes where they are there', () => {
    chmodSync(folder, 0o755);
    makePrivateDirectory(join(folder, 'a/b'));
    makePrivateDirectory(join(folder, 'a/b'));
    expect([mode(), mode('a'), mode('a/b')]).toEqual(['755', '700', '700']);
  });

  it('is refused where a file is', () => {
    plant('a');
    expect(() => {
      makePrivateDirectory(join(folder, 'a/file'));
    }).toThrow(/^EEXIST/);
    expect(() => {
      makePrivateDirectory(join(folder, 'a/file/b'));
    }).toThrow(/^ENOTDIR/);
  });
});

describeWithMounts('by root', () => {
  const mounts = new Mounts();

  afterEach(() => {
    mounts.close();
  });

  it('a private directory is refused on a read-only disk as what it is', () => {
    mounts.tmpfs(folder);
    mounts.remount(folder, 'ro');
    expect(() => {
      makePrivateDirectory(join(folder, 'a/b'));
    }).toThrow(/^EROFS/);
  });

  it('a tree is tightened but for what is of another user, which is not looked through at each start', async () => {
    plant('own');
    plant('theirs', 'below');
    for (const path of ['', 'theirs', 'theirs/below'])
      chownSync(join(folder, path), ANOTHER_USER, ANOTHER_USER);
    chmodSync(folder, 0o755);
    await tightenTree(folder);
    expect([mode(), mode('own'), mode('own/file')]).toEqual(['755', '700', '600']);
    expect([mode('theirs'), mode('theirs/below'), mode('theirs/below/file')]).toEqual(['755', '755', '644']);
  });
});
