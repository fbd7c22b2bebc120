import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { StoreFinding } from '../../contract/storage-provider.js';
import { fsStorageError, unlessAbsent } from './fs-storage.errors.js';

/** Where the system says which disks it mounts, and which are mounted. */
export interface MountTables {
  readonly planned: string;
  readonly mounted: string;
}

const TABLES: MountTables = { planned: '/etc/fstab', mounted: '/proc/self/mounts' };

/** Is the directory there, and the disk that it is to lie on? */
export function inspectDirectory(path: string, tables = TABLES): StoreFinding {
  try {
    const disk = missingDisk(path, tables);
    if (disk !== undefined) {
      return failed(
        `The disk of ${path} is not mounted: ${disk} is planned in ${tables.planned}.`,
        `Mount ${disk}.`,
      );
    }
    const stats = unlessAbsent(() => statSync(path));
    if (stats === undefined) {
      const existing = nearestExisting(path);
      return failed(
        `There is no directory ${path}: only ${existing} is there.`,
        'Mount its disk, or make the directory.',
      );
    }
    if (!stats.isDirectory()) return failed(`${path} is no directory.`, 'Give the URL of a directory.');
    return { check: 'directory', ok: true };
  } catch (error) {
    const { message } = fsStorageError(error, { operation: 'inspect' });
    return failed(message, `Let this server reach ${path}.`);
  }
}

function failed(reason: string, advice: string): StoreFinding {
  return { check: 'directory', ok: false, reason, advice, endsCheck: true };
}

function nearestExisting(path: string): string {
  return existsSync(path) || path === '/' ? path : nearestExisting(dirname(path));
}

/** The place above the directory where the system mounts a disk, and has mounted none. */
function missingDisk(path: string, { planned, mounted }: MountTables): string | undefined {
  const mountedPlaces = new Set(placesIn(mounted));
  return placesIn(planned).find(
    (place) =>
      place !== '/' &&
      place.startsWith('/') &&
      `${path}/`.startsWith(`${place}/`) &&
      !mountedPlaces.has(place),
  );
}

/** The second field of each line, in which octal escapes stand for white space. */
function placesIn(table: string): string[] {
  const text = unlessAbsent(() => readFileSync(table, 'utf8')) ?? '';
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.trim().startsWith('#'))
    .map((line) => line.trim().split(/\s+/)[1] ?? '')
    .map((place) =>
      place.replace(/\\([0-7]{3})/g, (_escape, octal: string) => String.fromCharCode(parseInt(octal, 8))),
    );
}
