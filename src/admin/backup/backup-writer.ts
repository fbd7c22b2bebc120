import { createReadStream } from 'node:fs';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import { takeSnapshot } from '../../database/database-snapshot.js';
import type { SqliteSnapshot } from '../../database/sqlite/sqlite-snapshot.js';
import type { SqlStatement } from '../../database/sql.js';
import { keyFilePath } from '../../keys/key-file.js';
import { StageStorage } from '../../stages/files/stage-storage.js';
import { StorageError } from '../../storage/contract/storage-error.js';
import type { ObjectBody, ObjectStat, StorageProvider } from '../../storage/contract/storage-provider.js';
import { StorageRegistry } from '../../storage/storage-registry.js';
import { failed } from '../admin-error.js';
import { prepareFolder, assertOutside } from './backup-folder.js';
import { digestsOf, forEachOf, NewFolders, writeNewFile } from './durable-files.js';
import { folderOf, pathOfKey, STAGE_FILES } from './internal-files.js';
import { DATABASE_FILE, KEY_FILE, ManifestWriter } from './manifest.js';
import { SnapshotRecords, type CopiedFile } from './snapshot-records.js';

const COPIES_AT_ONCE = 8;

/**
 * Copies database, key and internal files while uploads continue. Copies the database first: each file in it can then
 * be copied, or was removed or replaced meanwhile. Adds the records of files that were stored later.
 */
@Injectable()
export class BackupWriter {
  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly stages: StageStorage,
    private readonly registry: StorageRegistry,
    private readonly records: SnapshotRecords,
  ) {}

  /**
   * @param folder absolute path of a new or empty folder.
   * @returns the size of the backup, database and key included.
   * @throws AdminError if the folder cannot be used: no backup is ever overwritten.
   */
  async write(folder: string): Promise<{ readonly files: number; readonly bytes: number }> {
    const { scheme, url } = this.stages.internal().connection;
    if (scheme === 'fs') await assertOutside(url.slice('fs://'.length), folder);
    await prepareFolder(folder);
    const manifest = await ManifestWriter.begin(folder, {
      created_at: new Date().toISOString(),
      internal_storage: scheme,
    });
    const databasePath = join(folder, DATABASE_FILE);
    const snapshot = await takeSnapshot(this.config.database, databasePath);
    if (this.config.connectionKeys === null) await this.#copyKey(folder, manifest);
    if (scheme === 'fs') await this.#copyFiles(folder, manifest, snapshot);
    snapshot.write(this.records.forgetServersStatements());
    await snapshot.close();
    const { size, sha256 } = await digestsOf(databasePath);
    await manifest.add({ path: DATABASE_FILE, size, sha256 });
    return manifest.finish();
  }

  async #copyKey(folder: string, manifest: ManifestWriter): Promise<void> {
    const key = createReadStream(keyFilePath(this.config.dataDir));
    const { size, sha256 } = await writeNewFile(key, join(folder, KEY_FILE));
    await manifest.add({ path: KEY_FILE, size, sha256 });
  }

  async #copyFiles(folder: string, manifest: ManifestWriter, snapshot: SqliteSnapshot): Promise<void> {
    const location = this.stages.internal();
    const storage = this.registry.open(location);
    const target = join(folder, 'internal');
    const folders = new NewFolders();
    const unrecorded: CopiedFile[] = [];
    for await (const batch of storage.list({ prefix: STAGE_FILES })) {
      const statements: SqlStatement[] = [];
      await forEachOf(batch, COPIES_AT_ONCE, async ({ key }) => {
        const copied = await copyFile(storage, key, pathOfKey(target, key), folders);
        if (copied === undefined) return;
        await manifest.add({ path: key, size: copied.size, sha256: copied.sha256 });
        const statement = await this.records.copyStatement(location.store, key, copied.etag);
        if (statement === undefined) unrecorded.push({ key, etag: copied.etag });
        else statements.push(statement);
      });
      snapshot.write(statements);
    }
    snapshot.write(await this.records.copyStatementsOfRecent(location.store, unrecorded));
    snapshot.write(this.records.forgetOrphansStatements(location.store));
    await folders.sync();
  }
}

/** @returns undefined if the file was removed after it was listed. */
async function copyFile(
  storage: StorageProvider,
  key: ObjectStat['key'],
  path: Buffer,
  folders: NewFolders,
): Promise<{ readonly size: number; readonly sha256: string; readonly etag: string } | undefined> {
  const opened = await openUnlessRemoved(storage, key);
  if (opened === undefined) return undefined;
  const { stat, body } = opened;
  await folders.create(folderOf(path));
  const { size, sha256 } = await writeNewFile(body, path);
  await utimes(path, stat.lastModified, stat.lastModified);
  return { size, sha256, etag: stat.etag ?? '' };
}

async function openUnlessRemoved(
  storage: StorageProvider,
  key: ObjectStat['key'],
): Promise<ObjectBody | undefined> {
  try {
    return await storage.get(key);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    if (error.kind === 'NotFound') return undefined;
    throw failed(`The file ${JSON.stringify(key)} cannot be copied: ${error.message}`, error);
  }
}
