import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makePrivateDirectory } from '../../common/private-files.js';
import type { AppConfig } from '../../config/app-config.js';
import { databaseName } from '../../config/database-config.js';
import { isInUse } from '../../database/database-use.js';
import { restoreMarker, writeRestoreMarker, wasMoving } from '../../database/interrupted-restore.js';
import { keyFilePath } from '../../keys/key-file.js';
import { parseStorageUrl } from '../../storage/contract/storage-url.js';
import { failed } from '../admin-error.js';
import { syncFolder } from './durable-files.js';
import { pathOfKey, STAGE_FILES } from './internal-files.js';
import { DATABASE_FILE, KEY_FILE } from './manifest.js';
import { PostgresTarget } from './postgres-target.js';

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
  /** Where the database of the backup is copied to first. */
  readonly #stagedDatabase: string;
  /** Undefined if the database is a file, which is one of the parts. */
  readonly #postgres: PostgresTarget | undefined;

  constructor(config: AppConfig) {
    const { scheme, path: internal } = parseStorageUrl(config.internalStorage.url);
    const stagedInternal = join(internal, STAGING);
    this.scheme = scheme;
    this.#config = config;
    this.#internal = internal;
    const dataDir = join(config.dataDir, STAGING);
    const { database } = config;
    this.#postgres = database.kind === 'postgres' ? new PostgresTarget(database) : undefined;
    const ownPath = database.kind === 'sqlite' ? database.path : join(config.dataDir, DATABASE_FILE);
    this.#stagedDatabase = join(dirname(ownPath), STAGING, basename(ownPath));
    const url = scheme === 'fs' ? `fs://${stagedInternal}/` : config.internalStorage.url;
    this.staged = {
      ...config,
      dataDir,
      database: { kind: 'sqlite', path: this.#stagedDatabase },
      internalStorage: { ...config.internalStorage, url },
    };
    this.#parts = [
      ...(scheme === 'fs'
        ? [{ staged: join(stagedInternal, STAGE_FILES), destination: join(internal, STAGE_FILES) }]
        : []),
      ...(config.connectionKeys === null
        ? [{ staged: keyFilePath(dataDir), destination: keyFilePath(config.dataDir) }]
        : []),
      // Last: without a database no server starts on the files.
      ...(database.kind === 'sqlite' ? [{ staged: this.#stagedDatabase, destination: database.path }] : []),
    ].map(({ staged, destination }) => ({
      staged: withoutSlash(staged),
      destination: withoutSlash(destination),
    }));
  }

  /** Returns the staging path of a file in the manifest. */
  pathOf(name: string): Buffer {
    if (name === DATABASE_FILE) return Buffer.from(this.#stagedDatabase);
    if (name === KEY_FILE) return Buffer.from(keyFilePath(this.staged.dataDir));
    return pathOfKey(join(this.#internal, STAGING), name);
  }

  /** @throws AdminError if an existing part may not be replaced, or a server uses the database. */
  async assertFree(mayReplace: boolean): Promise<void> {
    const { database, dataDir } = this.#config;
    if (await isInUse(database)) {
      throw failed(`A server has the database ${databaseName(database)} open. Stop it, and restore again.`);
    }
    if (mayReplace || wasMoving(dataDir)) return;
    const existing = await this.#existing();
    if (existing === undefined) return;
    throw failed(
      `${existing} is there already. Restore into an empty DATA_DIR, or add --overwrite: what is there is moved aside then.`,
    );
  }

  async #existing(): Promise<string | undefined> {
    const part = this.#parts.find(({ destination }) => existsSync(destination));
    if (part !== undefined) return part.destination;
    return (await this.#postgres?.holdsRows()) === true ? this.#postgres?.name : undefined;
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
    if (this.#postgres !== undefined) {
      const path = join(this.#config.dataDir, `${DATABASE_FILE}${suffix}`);
      if (await this.#postgres.replace(this.#stagedDatabase, path)) aside.push(path);
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
    return [...internal, this.staged.dataDir, dirname(this.#stagedDatabase)];
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
