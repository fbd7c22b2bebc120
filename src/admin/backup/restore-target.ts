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

/** Below each folder that gets something, so that it can be moved into place in one step. */
const STAGING = '.restoring';

/** Something that is moved into place as a whole. */
interface Part {
  readonly staged: string;
  readonly place: string;
}

/** Where a backup goes: beside its place first, and there when all of it is. */
export class RestoreTarget {
  /** Of the internal storage. */
  readonly scheme: string;
  /** The settings of a service on what is not in its place yet. */
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
        ? [{ staged: join(stagedInternal, STAGE_FILES), place: join(internal, STAGE_FILES) }]
        : []),
      ...(config.connectionKeys === null
        ? [{ staged: keyFilePath(dataDir), place: keyFilePath(config.dataDir) }]
        : []),
      { staged: databasePath, place: config.databasePath }, // last: without it there is nothing to start on
    ].map(({ staged, place }) => ({ staged: withoutSlash(staged), place: withoutSlash(place) }));
  }

  /** Where the file of that name in the manifest is copied to. */
  pathOf(name: string): Buffer {
    if (name === DATABASE_FILE) return Buffer.from(this.staged.databasePath);
    if (name === KEY_FILE) return Buffer.from(keyFilePath(this.staged.dataDir));
    return pathOfKey(join(this.#internal, STAGING), name);
  }

  /** @throws AdminError where something is in the way that may not be moved, or a server runs on it. */
  requireFree(mayReplace: boolean): void {
    if (isInUse(this.#config.databasePath)) {
      throw failed(
        `A server has the database ${this.#config.databasePath} open. Stop it, and restore again.`,
      );
    }
    if (mayReplace || wasMoving(this.#config.dataDir)) return;
    const taken = this.#parts.find(({ place }) => existsSync(place));
    if (taken === undefined) return;
    throw failed(
      `${taken.place} is there already. Restore into an empty DATA_DIR, or add --overwrite: what is there is moved aside then.`,
    );
  }

  /** From here on no server starts on the folder until the restore has ended. */
  async begin(): Promise<void> {
    const { dataDir } = this.#config;
    makePrivateDirectory(dataDir);
    if (!wasMoving(dataDir)) await writeRestoreMarker(dataDir, 'copying');
    await syncFolder(dataDir);
    await this.#removeStaged();
    for (const folder of this.#stagingFolders()) makePrivateDirectory(folder);
    // There where no file is: else a start would take the internal storage for a disk that is not mounted.
    if (this.scheme === 'fs') makePrivateDirectory(join(this.#internal, STAGING, STAGE_FILES));
  }

  /** Nothing was moved: servers start on what is there, unless an earlier restore has moved some of it. */
  async abandon(): Promise<void> {
    await this.#removeStaged();
    const { dataDir } = this.#config;
    if (!wasMoving(dataDir)) await rm(restoreMarker(dataDir), { force: true });
  }

  /** @returns the new paths of what was in the way. */
  async commit(): Promise<string[]> {
    const suffix = `.before-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
    const aside: string[] = [];
    await writeRestoreMarker(this.#config.dataDir, 'moving');
    for (const { staged, place } of this.#parts) {
      if (existsSync(place)) aside.push(await moveAside(place, suffix));
      if (!existsSync(staged)) continue;
      await rename(staged, place);
      await syncFolder(dirname(place));
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

/** With a database goes what SQLite keeps beside it. */
async function moveAside(place: string, suffix: string): Promise<string> {
  for (const name of await readdir(dirname(place))) {
    const rest = name.slice(basename(place).length);
    if (!name.startsWith(basename(place)) || !['', '-wal', '-shm'].includes(rest)) continue;
    await rename(join(dirname(place), name), `${place}${suffix}${rest}`);
  }
  return `${place}${suffix}`;
}

function withoutSlash(path: string): string {
  return path.replace(/\/$/, '');
}
