import { OPERATOR } from '../../../src/access/principal.js';
import { randomBytes } from 'node:crypto';
import type Database from 'better-sqlite3';
import type { SqlDatabase } from '../../../src/database/sql-database.js';
import { sql } from '../../../src/database/sql.js';
import { FileMetadataRepository } from '../../../src/file-metadata/file-metadata.repository.js';
import { OrphanRemover } from '../../../src/journal/cleanup/orphan-remover.js';
import { OrphanConnections } from '../../../src/journal/cleanup/orphan-connections.js';
import { OrphanRepository, type RecordedOrphan } from '../../../src/journal/cleanup/orphan.repository.js';
import { ProcessRepository } from '../../../src/journal/servers/process.repository.js';
import { ActiveUpload } from '../../../src/journal/records/active-upload.js';
import { UploadRecords } from '../../../src/journal/records/upload-records.js';
import type { TrackedUpload } from '../../../src/journal/records/upload-state.js';
import { UploadStatusRepository } from '../../../src/journal/records/upload-status.repository.js';
import { Metrics } from '../../../src/metrics/metrics.js';
import { masterKeys } from '../../../src/keys/master-keys.js';
import { SealedBox } from '../../../src/keys/sealed-box.js';
import type { StorageProviderFactory } from '../../../src/storage/contract/storage-provider-factory.js';
import { FsStorageFactory } from '../../../src/storage/providers/fs/fs-storage.factory.js';
import type { StorageLocation } from '../../../src/storage/storage-location.js';
import { StorageRegistry } from '../../../src/storage/storage-registry.js';
import type { Connected, TemporaryDatabase } from '../database/temporary-database.js';

export const CONNECTION_KEY = randomBytes(32);

const KILL = sql('UPDATE processes SET pid = 4194305 WHERE id = ?'); // more than any Linux gives

/** What one server has of the journal, on a connection of its own to the database that all of them share. */
export class JournalServer {
  readonly processes: ProcessRepository;
  readonly orphans: OrphanRepository;
  readonly statuses: UploadStatusRepository;
  readonly fileMetadata: FileMetadataRepository;
  readonly records: UploadRecords;
  readonly registry: StorageRegistry;
  readonly metrics = new Metrics();
  readonly remover: OrphanRemover;
  readonly database: SqlDatabase;
  readonly #connection: Database.Database;

  private constructor({ database, connection }: Connected, factory: StorageProviderFactory, key: Buffer) {
    this.database = database;
    this.#connection = connection;
    const box = new SealedBox(masterKeys([key]));
    this.processes = new ProcessRepository(database, box);
    this.orphans = new OrphanRepository(database, this.processes, new OrphanConnections(box));
    this.statuses = new UploadStatusRepository(database, this.processes);
    this.fileMetadata = new FileMetadataRepository(database);
    this.records = new UploadRecords(database, this.fileMetadata, this.orphans, this.statuses);
    this.registry = new StorageRegistry([factory]);
    this.remover = new OrphanRemover(this.records, this.processes, this.registry, this.metrics);
  }

  /** A server that has been seen. */
  static async start(
    temporary: TemporaryDatabase,
    factory: StorageProviderFactory = new FsStorageFactory(),
    key = CONNECTION_KEY,
  ): Promise<JournalServer> {
    const server = new JournalServer(await temporary.connect(), factory, key);
    await server.processes.heartbeat();
    return server;
  }

  locate(url: string): StorageLocation {
    return this.registry.locate(this.registry.parseConnection(url, new Map(), 'user'));
  }

  upload(more: Partial<TrackedUpload> = {}, hasBegun = false): ActiveUpload {
    const facts = {
      id: randomBytes(8).toString('hex'),
      userId: 'root',
      userName: 'root',
      stageName: 'books',
      body: { expectedBytes: 30, receivedBytes: () => 0 },
      audited: { action: 'file.put', actor: OPERATOR, stage: { name: 'books' } } as const,
    };
    return new ActiveUpload(this.records, { ...facts, startedAt: new Date(), ...more }, hasBegun);
  }

  /** As two looks at the running uploads do: the first one records nothing. */
  async recordProgress(upload: ActiveUpload): Promise<void> {
    for (let look = 1; look <= 2; look++) await this.records.write(...upload.progress());
  }

  /** Removes what is left, as a sweep does. */
  async sweep(): Promise<void> {
    await this.remover.removeAll(await this.processes.running());
  }

  /** Its process ends without a word: nobody has that number any more. */
  async die(): Promise<void> {
    await this.database.write([KILL.with(this.processes.ownId)]);
  }

  /** It can write nothing to the database, as on a disk that has become read-only. */
  forbidWrites(isForbidden: boolean): void {
    this.#connection.pragma(`query_only = ${isForbidden ? 'ON' : 'OFF'}`);
  }

  /** What is noted, of all servers. */
  async noted(): Promise<readonly string[]> {
    return (await this.recorded()).map(({ orphan }) => orphan.key);
  }

  async recorded(): Promise<RecordedOrphan[]> {
    const recorded: RecordedOrphan[] = [];
    for await (const one of this.orphans.all()) recorded.push(one);
    return recorded;
  }

  async metric(name: 'orphans' | 'orphansRemoved' | 'orphanFailures'): Promise<number> {
    const { values } = await this.metrics[name].get();
    return values.reduce((sum, { value }) => sum + value, 0);
  }
}
