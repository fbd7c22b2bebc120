import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makePrivateDirectory } from '../../common/private-files.js';
import type { AppConfig } from '../../config/app-config.js';
import { isInUse } from '../../database/database-snapshot.js';
import { restoreMarker, writeRestoreMarker, wasMoving } from '../../database/interrupted-restore.js';
import { keyFilePath } from '../../keys/key-file.js';
import { parseStorageUrl } from '../../storage/contract/storage-url.js';
import { failed } from '../admin-error.js';
import { syncFolder } from './durable-files.js';
import { pathOfKey, STAGE_FILES } from './internal-files.js';
import { DATABASE_FILE, KEY_FILE } from './manifest.js';

/** Name of the staging folder in each target folder, from which parts are moved into place in one step. */
const STAGING = '.restoring';

/** A file or folder that is moved into place as a whole. */
interface Part {
  readonly staged: string;
  readonly destination: string;
}

/** Target of a restore. Files are copied to staging folders first, and moved into place when all are complete. */
export class RestoreTarget {
  /** Scheme of the internal storage. */
  readonly scheme: string;
  /** Settings of a service that runs on the staged files. */
  readonly staged: AppConfig;
  readonly #config: AppConfig;
  readonly #internal: string;
  readonly #parts: readonly Part[];

  constructor(config: AppConfig) {
    const { scheme, path: internal } = parseStorageUrl(config.internalStorage.url);
    const stagedInternal = join(internal, STAGING);
    this.scheme = scheme;
    this.#config = config;
    this.#internal = internal;
    const dataDir = join(config.dataDir, STAGING);
    const databasePath = join(dirname(config.databasePath), STAGING, basename(config.databasePath));
    const url = scheme === 'fs' ? `fs://${stagedInternal}/` : config.internalStorage.url;
    this.staged = { ...config, dataDir, databasePath, internalStorage: { ...config.internalStorage, url } };
    this.#parts = [
      ...(scheme === 'fs'
        ? [{ staged: join(stagedInternal, STAGE_FILES), destination: join(internal, STAGE_FILES) }]
        : []),
      ...(config.connectionKeys === null
        ? [{ staged: keyFilePath(dataDir), destination: keyFilePath(config.dataDir) }]
        : []),
      { staged: databasePath, destination: config.databasePath }, // last: without a database no server starts on the files
    ].map(({ staged, destination }) => ({
      staged: withoutSlash(staged),
      destination: withoutSlash(destination),
    }));
  }

  /** Returns the staging path of a file in the manifest. */
  pathOf(name: string): Buffer {
    if (name === DATABASE_FILE) return Buffer.from(this.staged.databasePath);
    if (name === KEY_FILE) return Buffer.from(keyFilePath(this.staged.dataDir));
    return pathOfKey(join(this.#internal, STAGING), name);
  }

  /** @throws AdminError if an existing part may not be replaced, or a server uses the database. */
  assertFree(mayReplace: boolean): void {
    if (isInUse(this.#config.databasePath)) {
      throw failed(
        `A server has the database ${this.#config.databasePath} open. Stop it, and restore again.`,
      );
    }
    if (mayReplace || wasMoving(this.#config.dataDir)) return;
    const existing = this.#parts.find(({ destination }) => existsSync(destination));
    if (existing === undefined) return;
    throw failed(
      `${existing.destination} is there already. Restore into an empty DATA_DIR, or add --overwrite: what is there is moved aside then.`,
    );
  }

  /** Prepares the staging folders. From now on no server starts on the data folder until the restore has ended. */
  async begin(): Promise<void> {
    const { dataDir } = this.#config;
    makePrivateDirectory(dataDir);
    if (!wasMoving(dataDir)) await writeRestoreMarker(dataDir, 'copying');
    await syncFolder(dataDir);
    await this.#removeStaged();
    for (const folder of this.#stagingFolders()) makePrivateDirectory(folder);
    // Created even for no files: without it a server would assume that the disk of the internal storage is not mounted.
    if (this.scheme === 'fs') makePrivateDirectory(join(this.#internal, STAGING, STAGE_FILES));
  }

  /**
   * Removes the staging folders. Servers can start again, unless an earlier restore was interrupted while it moved
   * parts.
   */
  async abandon(): Promise<void> {
    await this.#removeStaged();
    const { dataDir } = this.#config;
    if (!wasMoving(dataDir)) await rm(restoreMarker(dataDir), { force: true });
  }

  /** Moves the staged parts into place. @returns the new paths of the parts that were replaced. */
  async commit(): Promise<string[]> {
    const suffix = `.before-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
    const aside: string[] = [];
    await writeRestoreMarker(this.#config.dataDir, 'moving');
    for (const { staged, destination } of this.#parts) {
      if (existsSync(destination)) aside.push(await moveAside(destination, suffix));
      if (!existsSync(staged)) continue;
      await rename(staged, destination);
      await syncFolder(dirname(destination));
    }
    await this.#removeStaged();
    await rm(restoreMarker(this.#config.dataDir));
    await syncFolder(this.#config.dataDir);
    return aside;
  }

  async #removeStaged(): Promise<void> {
    for (const folder of this.#stagingFolders()) await rm(folder, { recursive: true, force: true });
  }

  #stagingFolders(): string[] {
    const internal = this.scheme === 'fs' ? [join(this.#internal, STAGING)] : [];
    return [...internal, this.staged.dataDir, dirname(this.staged.databasePath)];
  }
}

/** Renames an existing part, and SQLite's companion files with a database. */
async function moveAside(destination: string, suffix: string): Promise<string> {
  for (const name of await readdir(dirname(destination))) {
    const rest = name.slice(basename(destination).length);
    if (!name.startsWith(basename(destination)) || !['', '-wal', '-shm'].includes(rest)) continue;
    await rename(join(dirname(destination), name), `${destination}${suffix}${rest}`);
  }
  return `${destination}${suffix}`;
}

function withoutSlash(path: string): string {
  return path.replace(/\/$/, '');
}
