import { statfs } from 'node:fs/promises';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { localFolder } from '../config/local-folder.js';
import type { OpenedStage } from '../stages/files/stage.service.js';
import { StorageError } from '../storage/contract/storage-error.js';

const MIB = 1024 * 1024;
/** Time for which a look at a disk is believed. */
const BELIEVED_MS = 1_000;
const MAX_FOLDERS = 256;

interface Look {
  readonly at: number;
  /** For those who are not root; unlimited where nobody knows. */
  readonly freeBytes: Promise<number>;
}

/** Keeps space free on local disks that hold stages: uploads end before the disk is full, and with it the database. */
@Injectable()
export class DiskFloor {
  readonly #minFreeBytes: number;
  readonly #looks = new LRUCache<string, Look>({ max: MAX_FOLDERS });

  constructor(@Inject(APP_CONFIG) { diskMinFreeMib }: AppConfig) {
    this.#minFreeBytes = diskMinFreeMib * MIB;
  }

  /**
   * Checks that a file leaves enough space free, before it is read.
   *
   * @param bytes of the file, as far as they are known.
   * @throws StorageError of kind `NoSpace`.
   */
  async assertFree({ location: { connection } }: OpenedStage, bytes = 0): Promise<void> {
    if (this.#minFreeBytes === 0 || connection.scheme !== 'fs') return;
    const folder = localFolder(connection.url);
    if (folder === undefined || (await this.#freeBytes(folder)) - bytes >= this.#minFreeBytes) return;
    throw new StorageError(
      'NoSpace',
      `The disk of the stage must keep ${String(this.#minFreeBytes / MIB)} MiB free (DISK_MIN_FREE_MIB): nothing of the file was stored. Make room on it.`,
      { context: { operation: 'put', bytes } },
    );
  }

  #freeBytes(folder: string): Promise<number> {
    const now = performance.now();
    const last = this.#looks.get(folder);
    if (last !== undefined && now - last.at < BELIEVED_MS) return last.freeBytes;
    const freeBytes = statfs(folder).then(
      ({ bavail, bsize }) => bavail * bsize,
      () => Infinity, // the upload itself tells what is wrong with the folder
    );
    this.#looks.set(folder, { at: now, freeBytes });
    return freeBytes;
  }
}
