import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAppConfig } from '../../../src/config/app-config.js';
import { ConfigError } from '../../../src/config/config-error.js';
import { assertRootsSeparate } from '../../../src/config/stage-roots.js';

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'stagedoor-apart-')));
  for (const name of ['data', 'exports']) mkdirSync(join(folder, name));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** What a start says of the settings; paths are in the test's folder. */
function refusal(settings: Readonly<Record<string, string>>): string {
  const absolute = Object.entries({ DATA_DIR: 'data', ...settings }).map(([name, value]) => [
    name,
    value.replace(/(?<=^|:|fs:\/\/)(?=[a-z-]+(\/|:|$))(?!sqlite:|fs:)/g, `${folder}/`),
  ]);
  try {
    assertRootsSeparate(parseAppConfig(Object.fromEntries(absolute) as Record<string, string>));
    return 'none';
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message.replaceAll(folder, '');
  }
}

describe('directories of stages', () => {
  it.each([
    [{ FS_STAGE_ROOTS: 'exports' }],
    [{ FS_STAGE_ROOTS: 'data-of-stages' }],
    [{ FS_STAGE_ROOTS: 'exports', DATABASE_URL: 'sqlite:db/stagedoor.db', INTERNAL_STORAGE_URL: 's3://b/' }],
    [{ FS_STAGE_ROOTS: 'exports', INTERNAL_STORAGE_URL: 'fs://internal/' }],
    [{}],
  ])('may lie apart from what the service keeps: %j', (settings) => {
    expect(refusal(settings)).toBe('none');
  });

  it.each([
    ['hold DATA_DIR', { FS_STAGE_ROOTS: '' }, 'DATA_DIR'],
    ['are DATA_DIR', { FS_STAGE_ROOTS: 'exports:data' }, 'DATA_DIR'],
    ['lie in DATA_DIR', { FS_STAGE_ROOTS: 'data/stages' }, 'DATA_DIR'],
    [
      'hold the database',
      { FS_STAGE_ROOTS: 'exports', DATABASE_URL: 'sqlite:exports/a/s.db' },
      'DATABASE_URL',
    ],
    [
      'hold the internal storage',
      { FS_STAGE_ROOTS: 'exports', INTERNAL_STORAGE_URL: 'fs://exports/internal/' },
      'INTERNAL_STORAGE_URL',
    ],
    [
      'lie in the internal storage',
      { FS_STAGE_ROOTS: 'internal/stages', INTERNAL_STORAGE_URL: 'fs://internal/' },
      'INTERNAL_STORAGE_URL',
    ],
  ])('may not %s', (_what, settings, setting) => {
    const roots = settings.FS_STAGE_ROOTS === '' ? folder : settings.FS_STAGE_ROOTS;
    const message = refusal({ ...settings, FS_STAGE_ROOTS: roots });
    expect(message).toMatch(/^The settings cannot be used:\n {2}- FS_STAGE_ROOTS: '.*' and that of /);
    expect(message).toContain(`that of ${setting}, '`);
    expect(message).toContain('Name a separate directory for stages');
  });

  it('are judged by where links lead, and by where what is not there yet is going to be', () => {
    symlinkSync(join(folder, 'data'), join(folder, 'exports/link'));
    const nested = refusal({ FS_STAGE_ROOTS: 'exports/link/not/yet' });
    expect(nested).toContain("'/exports/link/not/yet (really /data/not/yet)' and that of DATA_DIR, '/data'");
    symlinkSync(join(folder, 'exports'), join(folder, 'elsewhere'));
    expect(refusal({ DATA_DIR: 'elsewhere/new/data', FS_STAGE_ROOTS: 'exports/new' })).toContain('DATA_DIR');
    expect(refusal({ DATA_DIR: 'elsewhere/new/data', FS_STAGE_ROOTS: 'exports/newer' })).toBe('none');
  });

  it('may not be everything', () => {
    expect(refusal({ FS_STAGE_ROOTS: '/' })).toContain("FS_STAGE_ROOTS: '/'");
  });
});
