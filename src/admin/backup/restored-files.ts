import { Injectable } from '@nestjs/common';
import { FileMetadataRepository } from '../../file-metadata/file-metadata.repository.js';
import { StageStorage } from '../../stages/files/stage-storage.js';
import { listedKey } from '../../storage/contract/listed-key.js';
import { StorageRegistry } from '../../storage/storage-registry.js';

/** A file of the internal storage, as it was copied. */
export interface RestoredFile {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Hex. */
  readonly md5: string;
}

/** A copy has another etag than its original: what is recorded of the same content is attached to it. */
@Injectable()
export class RestoredFiles {
  constructor(
    private readonly stages: StageStorage,
    private readonly registry: StorageRegistry,
    private readonly fileMetadata: FileMetadataRepository,
  ) {}

  /** @returns of how many files md5 and creator are known. */
  async attach(files: readonly RestoredFile[]): Promise<number> {
    const location = this.stages.internal();
    const storage = this.registry.open(location);
    let known = 0;
    for (const { key, size, md5 } of files) {
      const recorded = this.fileMetadata.lookup(location.store, [key]).ofSize(key, size);
      const same = recorded.find((facts) => facts.md5 === md5);
      const { etag } = await storage.stat(listedKey(key));
      if (same === undefined || etag === null) continue;
      await this.fileMetadata.retag({ store: location.store, objectKey: key }, same.etag, etag);
      known++;
    }
    return known;
  }
}
