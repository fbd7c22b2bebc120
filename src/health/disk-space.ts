import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { localFolder } from '../config/local-folder.js';
import { Metrics } from '../metrics/metrics.js';

const MIB = 1024 * 1024;

/** Things that lie on a disk of this machine. */
type DiskName = 'database' | 'storage';

export interface DiskSpace {
  /** For those who are not root. */
  readonly freeBytes: number;
  readonly sizeBytes: number;
}

/** A disk with less free space than the settings ask for. */
export class DiskLow extends Error {}

/** The space on the disks of this machine that hold the database and the internal storage, where they are local. */
@Injectable()
export class DiskSpaces {
  readonly #minBytes: number;
  readonly #paths: ReadonlyMap<DiskName, string>;
  #last: ReadonlyMap<DiskName, DiskSpace> = new Map();

  constructor(
    @Inject(APP_CONFIG) { database, internalStorage, diskMinFreeMib }: AppConfig,
    metrics: Metrics,
  ) {
    this.#minBytes = diskMinFreeMib * MIB;
    const paths = new Map<DiskName, string>();
    if (database.kind === 'sqlite') paths.set('database', dirname(database.path));
    const storage = localFolder(internalStorage.url);
    if (storage !== undefined) paths.set('storage', storage);
    this.#paths = paths;
    const help =
      'Free bytes on the local disk of the database, and on that of the internal storage, at the last check';
    metrics.addGauges('stagedoor_disk_free_bytes', help, 'disk', () =>
      this.#each(({ freeBytes }) => freeBytes),
    );
    const sizeHelp = 'Size of the same disks';
    metrics.addGauges('stagedoor_disk_size_bytes', sizeHelp, 'disk', () =>
      this.#each(({ sizeBytes }) => sizeBytes),
    );
  }

  /** @throws DiskLow, or an error of the file system. */
  async check(): Promise<void> {
    const spaces = await Promise.all(
      [...this.#paths].map(async ([name, path]) => [name, await spaceOf(path)] as const),
    );
    this.#last = new Map(spaces);
    const low = spaces.filter(([, { freeBytes }]) => freeBytes < this.#minBytes);
    if (low.length === 0) return;
    const names = low.map(
      ([name, { freeBytes }]) => `${name}: ${String(Math.floor(freeBytes / MIB))} MiB free`,
    );
    throw new DiskLow(`A disk is almost full (${names.join(', ')}). Make room.`);
  }

  #each(value: (space: DiskSpace) => number): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#last].map(([name, space]) => [name, value(space)]));
  }
}

async function spaceOf(path: string): Promise<DiskSpace> {
  const { bavail, blocks, bsize } = await statfs(path);
  return { freeBytes: bavail * bsize, sizeBytes: blocks * bsize };
}
