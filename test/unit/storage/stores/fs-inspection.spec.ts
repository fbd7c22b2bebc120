import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspectDirectory } from '../../../../src/storage/providers/fs/fs-inspection.js';

const folder = mkdtempSync(join(tmpdir(), 'stagedoor inspection-'));
const escaped = folder.replaceAll(' ', '\\040');
const tables = { planned: join(folder, 'fstab'), mounted: join(folder, 'mounts') };

beforeAll(() => {
  mkdirSync(join(folder, 'disk/stage'), { recursive: true });
  writeFileSync(
    tables.planned,
    `# disks\n/dev/sda / ext4\nUUID=1 ${escaped}/disk ext4 defaults 0 2\nswap none swap\n`,
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('a disk that is planned and not mounted is named, though its directory is there', () => {
  writeFileSync(tables.mounted, '/dev/sda / ext4 rw 0 0\n');
  expect(inspectDirectory(join(folder, 'disk/stage'), tables)).toMatchObject({
    check: 'directory',
    ok: false,
    reason: expect.stringContaining('is not mounted') as string,
    advice: `Mount ${folder}/disk.`,
    endsCheck: true,
  });
  expect(inspectDirectory(join(folder, 'disk'), tables).ok).toBe(false);
});

it('a disk that is mounted is well, and so is a directory beside it', () => {
  expect(inspectDirectory(folder, tables)).toEqual({ check: 'directory', ok: true });
  writeFileSync(tables.mounted, `/dev/sdb ${escaped}/disk ext4 rw 0 0\n`);
  expect(inspectDirectory(join(folder, 'disk/stage'), tables)).toEqual({ check: 'directory', ok: true });
});

it('a file is no directory', () => {
  expect(inspectDirectory(tables.planned, tables).reason).toContain('is no directory');
});
