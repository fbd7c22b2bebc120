import { Injectable } from '@nestjs/common';
import { FileMetadataRepository } from '../../file-metadata/file-metadata.repository.js';
import { StageStorage } from '../../stages/files/stage-storage.js';
import { listedKey } from '../../storage/contract/listed-key.js';
import { StorageRegistry } from '../../storage/storage-registry.js';

/** A copied file of the internal storage. */
export interface RestoredFile {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Hex. */
  readonly md5: string;
}

/** Attaches records to copied files: a copy has another etag than its original, but the same content. */
@Injectable()
export class RestoredFiles {
  constructor(
    private readonly stages: StageStorage,
    private readonly registry: StorageRegistry,
    private readonly fileMetadata: FileMetadataRepository,
  ) {}

  /** @returns the number of files whose md5 and creator are on record. */
  async attach(files: readonly RestoredFile[]): Promise<number> {
    const location = this.stages.internal();
    const storage = this.registry.open(location);
    let attached = 0;
    for (const { key, size, md5 } of files) {
      const index = await this.fileMetadata.lookup(location.store, [key]);
      const same = index.ofSize(key, size).find((facts) => facts.md5 === md5);
      const { etag } = await storage.stat(listedKey(key));
      if (same === undefined || etag === null) continue;
      await this.fileMetadata.retag({ store: location.store, objectKey: key }, same.etag, etag);
      attached++;
    }
    return attached;
  }
}
