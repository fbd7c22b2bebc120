import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { StoreFinding } from '../../contract/storage-provider.js';
import { fsStorageError, unlessAbsent } from './fs-storage.errors.js';

/** Files in which the system lists the disks to mount and the mounted disks. */
export interface MountTables {
  readonly planned: string;
  readonly mounted: string;
}

const TABLES: MountTables = { planned: '/etc/fstab', mounted: '/proc/self/mounts' };

/** Checks that the directory exists and that its disk is mounted. */
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

/** Finds a mount point above the directory that is planned and not mounted. */
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

/** Reads the second field of each line, in which octal escapes stand for white space. */
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
