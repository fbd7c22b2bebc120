import { access, constants, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../common/app-error.js';
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
  /** Has it no room for the name of another file? */
  readonly isOutOfNames: boolean;
}

/** `NoSpace`: a disk with less free space than the settings ask for. `ReadOnly`: one that this server cannot write to. */
export class DiskError extends AppError<'NoSpace' | 'ReadOnly'> {}

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

  /** @throws DiskError, or an error of the file system. */
  async check(): Promise<void> {
    const paths = [...this.#paths];
    this.#last = new Map(
      await Promise.all(paths.map(async ([name, path]) => [name, await spaceOf(path)] as const)),
    );
    const full = this.#full();
    if (full.length > 0)
      throw new DiskError('NoSpace', `A disk is almost full (${full.join(', ')}). Make room.`);
    await Promise.all(paths.map(([name, path]) => assertWritable(name, path)));
  }

  #full(): readonly string[] {
    if (this.#minBytes === 0) return [];
    return [...this.#last].flatMap(([name, { freeBytes, isOutOfNames }]) => {
      if (freeBytes < this.#minBytes) return [`${name}: ${String(Math.floor(freeBytes / MIB))} MiB free`];
      return isOutOfNames ? [`${name}: no inode free`] : [];
    });
  }

  #each(value: (space: DiskSpace) => number): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#last].map(([name, space]) => [name, value(space)]));
  }
}

async function spaceOf(path: string): Promise<DiskSpace> {
  const { bavail, blocks, bsize, files, ffree } = await statfs(path);
  // File systems that know no bound of names say 0 of both.
  return { freeBytes: bavail * bsize, sizeBytes: blocks * bsize, isOutOfNames: files > 0 && ffree === 0 };
}

/** A file system that is mounted read-only refuses root as well. */
async function assertWritable(name: DiskName, path: string): Promise<void> {
  try {
    await access(path, constants.W_OK);
  } catch (cause) {
    throw new DiskError('ReadOnly', `The disk of the ${name} cannot be written: is it mounted read-only?`, {
      cause,
    });
  }
}
