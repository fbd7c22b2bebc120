import { setTimeout } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { SqlStatement } from '../../database/sql-database.js';
import { OrphanRepository } from '../../journal/cleanup/orphan.repository.js';
import { ProcessRepository } from '../../journal/servers/process.repository.js';
import { FileMetadataRepository } from '../../file-metadata/file-metadata.repository.js';

/** How long an upload may take from its file to the record of it. */
const RECORD_WITHIN_MS = 5_000;

/** A file as it was copied. */
export interface CopiedFile {
  readonly key: string;
  readonly etag: string;
}

/** What a copy of the database is to have of the original, which goes on, and what not. */
@Injectable()
export class SnapshotRecords {
  constructor(
    private readonly fileMetadata: FileMetadataRepository,
    private readonly orphans: OrphanRepository,
    private readonly processes: ProcessRepository,
  ) {}

  /** The record of a file; undefined where there is none. */
  of(store: string, key: string, etag: string): SqlStatement | undefined {
    return this.fileMetadata.copying(store, key, etag);
  }

  /** A file can be seen a moment before it is recorded. */
  async ofSoon(store: string, files: readonly CopiedFile[]): Promise<SqlStatement[]> {
    if (files.length === 0) return [];
    const running = [...(await this.processes.running())].filter((id) => id !== this.processes.ownId);
    if (running.length > 0) await setTimeout(RECORD_WITHIN_MS);
    return files.flatMap(({ key, etag }) => this.fileMetadata.copying(store, key, etag) ?? []);
  }

  /** No server runs on the copy. */
  forgettingServers(): SqlStatement[] {
    return [this.processes.forgettingAll()];
  }

  /** What uploads had not finished in that store is not copied. */
  forgettingUnfinished(store: string): SqlStatement[] {
    return [this.orphans.forgettingStore(store)];
  }
}
