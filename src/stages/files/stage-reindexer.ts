import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  FileMetadataRepository,
  type FileFacts,
  type FileMetadataIndex,
} from '../../file-metadata/file-metadata.repository.js';
import { StorageError } from '../../storage/contract/storage-error.js';
import type { ObjectStat } from '../../storage/contract/storage-provider.js';
import type { StageRoot } from './stage-storage.js';

/** Numbers of files. */
export interface ReindexReport {
  readonly listed: number;
  /** Files with md5 and creator already on record. */
  readonly known: number;
  /** Files whose content matches the record: md5 and creator are shown again. */
  readonly attached: number;
  /** Files whose content differs from the record of their name. */
  readonly different: number;
  /** Files without a record of their name and size. */
  readonly unrecorded: number;
}

type Finding = Exclude<keyof ReindexReport, 'listed'>;

/**
 * Restores md5 and creator of copied files, whose etag differs from the original's. Only the content decides, because
 * size and time can be equal by chance. Deletes records of other content.
 */
@Injectable()
export class StageReindexer {
  constructor(private readonly fileMetadata: FileMetadataRepository) {}

  async reindex(root: StageRoot): Promise<ReindexReport> {
    const counts: Record<Finding, number> = { known: 0, attached: 0, different: 0, unrecorded: 0 };
    let listed = 0;
    for await (const batch of root.storage.list({})) {
      const keys = batch.map(({ key }) => root.location.prefix + key);
      const recorded = await this.fileMetadata.lookup(root.location.store, keys);
      for (const stat of batch) {
        counts[await this.#classify(root, stat, recorded)]++;
        listed++;
      }
    }
    return { listed, ...counts };
  }

  async #classify(root: StageRoot, stat: ObjectStat, recorded: FileMetadataIndex): Promise<Finding> {
    const objectKey = root.location.prefix + stat.key;
    if (recorded.find(objectKey, stat.etag)?.size === stat.size) return 'known';
    const candidates = recorded.ofSize(objectKey, stat.size).filter(({ md5 }) => md5 !== null);
    if (candidates.length === 0) return 'unrecorded';
    const readAt = new Date();
    if (await this.#attach(root, stat, candidates)) return 'attached';
    await this.fileMetadata.forget(root.location, [objectKey], readAt);
    return 'different';
  }

  async #attach(root: StageRoot, { key }: ObjectStat, candidates: readonly FileFacts[]): Promise<boolean> {
    const { location, storage } = root;
    try {
      const { stat, body } = await storage.get(key); // content and etag of the same file, even if it is replaced meanwhile
      const hash = createHash('md5');
      for await (const chunk of body) hash.update(chunk as Buffer); // bodies are byte streams
      const md5 = hash.digest('hex');
      const same = candidates.find((facts) => facts.md5 === md5 && facts.size === stat.size);
      if (same === undefined || stat.etag === null) return false;
      await this.fileMetadata.retag(
        { store: location.store, objectKey: location.prefix + key },
        same.etag,
        stat.etag,
      );
      return true;
    } catch (error) {
      if (error instanceof StorageError && error.kind === 'NotFound') return false; // removed meanwhile
      throw error;
    }
  }
}
