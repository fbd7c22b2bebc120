import { Readable } from 'node:stream';
import { displayName, type Principal } from '../../access/principal.js';
import type { BufferLease } from '../../storage/contract/buffer-lease.js';
import type { ChecksumAlgorithm, Checksums } from '../../storage/contract/checksums.js';
import type { CleanupLog } from '../../storage/contract/orphan.js';
import type { ObjectKey } from '../../storage/contract/object-key.js';
import { listedAs } from '../../storage/contract/listed-key.js';
import { StorageError } from '../../storage/contract/storage-error.js';
import type {
  ObjectStat,
  PutCondition,
  PutContent,
  PutOptions,
  PutResult,
} from '../../storage/contract/storage-provider.js';
import type { OverwritePolicy } from './overwrite-policy.js';
import { tracedPut } from './traced-put.js';
import { isSameContent, knownMd5 } from './same-content.js';
import {
  conditionFailed,
  evaluateConditions,
  type FileConditions,
} from '../../stages/files/conditions/file-conditions.js';
import { stageFileRow, type StageFileRow } from '../../stages/files/stage-file-row.js';
import type { OpenedStage, StageService } from '../../stages/files/stage.service.js';
import type { SourceFile } from '../../stages/copies/source-file.js';
import type { FileSpace } from '../../quotas/stage-space.js';
import type { FileRecord, UploadRecord } from '../../journal/records/upload-record.js';

/** Condition on the file that an upload may replace. */
export type UploadCondition =
  | PutCondition
  /** A file exists. */
  | { readonly kind: 'present' }
  /** Conditions that no store supports. They become a condition on the file that exists when the upload begins. */
  | { readonly kind: 'conditions'; readonly conditions: FileConditions };

/** Content that the client declares. */
export interface DeclaredContent {
  readonly checksums: Checksums;
  /** @throws if the content differs from its declaration. */
  readonly verify: (content: PutContent) => void;
}

/** A file that is being received. */
export interface IncomingFile {
  readonly body: Readable;
  readonly maxBytes?: number | undefined;
  readonly contentType?: string | undefined;
  readonly declared: DeclaredContent;
  readonly memory: BufferLease;
  readonly signal: AbortSignal;
  /** The record of the file of which this one is a copy: it goes along. */
  readonly original?: SourceFile['facts'];
  /** Stores the file without its body. Undefined if the store cannot: the body is read then. */
  readonly place?: ((options: PutOptions) => Promise<PutResult | undefined>) | undefined;
  /** The length, where it is known. */
  readonly exactBytes?: number | undefined;
  /** Calls the listener with the number of bytes so far, whenever some come. */
  readonly watchBytes?: ((listener: (received: number) => void) => void) | undefined;
  /** Does it only get another name in its stage, at once? */
  readonly isRename?: boolean | undefined;
  /** Reads the rest without storing it. */
  discard(): Promise<void>;
}

/** Target of one file, and the treatment of an existing file. */
export interface FileUploadTarget {
  readonly key: ObjectKey;
  /** The name as sent. */
  readonly name: string;
  readonly condition?: UploadCondition | undefined;
  readonly overwrite: OverwritePolicy;
  /** Whether the result must tell if the file is new. */
  readonly reportsNew: boolean;
  /** Digests to compute for every file. */
  readonly checksums: readonly ChecksumAlgorithm[];
  readonly uploader: Principal;
  readonly record: UploadRecord;
  /** The room of the file in the quota of its stage. */
  readonly space?: FileSpace | undefined;
}

/** The record of a stored file besides its size and etag. */
type StoredFacts = Pick<NonNullable<SourceFile['facts']>, 'md5' | 'creator' | 'contentType'>;

export type UploadedFile =
  | {
      readonly outcome: 'stored';
      readonly result: PutResult;
      readonly facts: StoredFacts;
      /**
       * Whether no file existed shortly before this one became visible. Only a condition on the put can guarantee it.
       */
      readonly isNew: boolean;
    }
  | { readonly outcome: 'skipped'; readonly existing: ObjectStat };

/** Thrown if the existing file has the same content. */
class SameContent extends Error {}

/** Writes one file to a stage under a name. */
export class FileUpload {
  readonly #stages: StageService;
  readonly #stage: OpenedStage;
  readonly #target: FileUploadTarget;
  #condition: Exclude<UploadCondition, { kind: 'conditions' }> | undefined;

  constructor(stages: StageService, stage: OpenedStage, target: FileUploadTarget) {
    this.#stages = stages;
    this.#stage = stage;
    this.#target = target;
  }

  /**
   * @throws StorageError of kind `PreconditionFailed` if the condition does not hold; nothing is changed in that case.
   */
  async receive(file: IncomingFile): Promise<UploadedFile> {
    const { condition, overwrite, record, space } = this.#target;
    this.#condition =
      condition?.kind === 'conditions' ? await this.#resolveConditions(condition.conditions) : condition;
    if (this.#condition?.kind === 'present') await this.#assertPresent();
    const existing =
      overwrite === 'skip' || overwrite === 'skip-if-same' ? await this.#findExisting() : undefined;
    record.assertRecordable(this.#stage.location, this.#target.key);
    const fileRecord = record.beginFile(this.#stage.location, space);
    try {
      const uploaded = await this.#storeOrSkip(file, existing, fileRecord.cleanupLog);
      await this.#record(uploaded, fileRecord);
      return uploaded;
    } catch (error) {
      fileRecord.failed();
      throw error;
    }
  }

  /** Returns the file's row in a listing. The file is stored already, so errors of the store are ignored. */
  async rowOf(uploaded: UploadedFile): Promise<StageFileRow> {
    const { capabilities } = this.#stage.storage;
    if (uploaded.outcome === 'skipped') {
      return stageFileRow(
        uploaded.existing,
        capabilities,
        await this.#stages.factsOf(this.#stage, uploaded.existing),
      );
    }
    const { key, size, etag } = uploaded.result;
    const written: ObjectStat = {
      key: listedAs(key),
      size,
      etag,
      lastModified: new Date(),
      md5: null,
      contentType: null,
    };
    const facts = { ...uploaded.facts, size, etag: etag ?? '' };
    const current = await this.#find().catch(ignoreStorageError);
    // Another etag belongs to a later file of this name.
    return stageFileRow(current?.etag === etag ? current : written, capabilities, facts);
  }

  async #storeOrSkip(
    file: IncomingFile,
    existing: ObjectStat | undefined,
    cleanupLog: CleanupLog,
  ): Promise<UploadedFile> {
    if (existing !== undefined && (await this.#canSkipEarly(file, existing))) {
      await file.discard();
      return { outcome: 'skipped', existing };
    }
    try {
      return await this.#store(file, existing, cleanupLog);
    } catch (error) {
      const kept = await this.#reasonToSkip(error, existing);
      if (kept === undefined) throw this.#target.space?.refusal ?? error;
      await file.discard(); // a store may reject a file before it has read all of it
      return { outcome: 'skipped', existing: kept };
    }
  }

  async #canSkipEarly({ declared }: IncomingFile, existing: ObjectStat): Promise<boolean> {
    if (this.#target.overwrite === 'skip') return true;
    const { md5 } = declared.checksums;
    return md5 !== undefined && md5 === (await knownMd5(this.#stages, this.#stage, existing));
  }

  async #store(
    file: IncomingFile,
    existing: ObjectStat | undefined,
    cleanupLog: CleanupLog,
  ): Promise<UploadedFile> {
    const { body, declared, maxBytes, contentType, memory, signal } = file;
    const { overwrite, checksums } = this.#target;
    const condition = this.#condition;
    const needed = overwrite === 'skip-if-same' ? (['md5'] as const) : [];
    let isNew = false;
    const beforeCommit = async (content: PutContent): Promise<void> => {
      declared.verify(content);
      const quota = await this.#stages.assertExists(this.#stage);
      if (condition?.kind === 'present') await this.#assertPresent();
      isNew = await this.#willBeNew();
      if (overwrite === 'skip-if-same' && existing !== undefined)
        await this.#assertDifferent(existing, content);
      if (file.isRename !== true) await this.#target.space?.confirm(content.size, quota);
    };
    await this.#reserveSpace(file);
    const options = {
      maxBytes,
      contentType,
      memory,
      signal,
      condition: this.#putCondition,
      checksums: [...checksums, ...needed, ...algorithmsOf(declared.checksums)],
      beforeCommit,
      cleanupLog,
    };
    const source = overwrite === 'skip' ? withoutDestroy(body) : body;
    const result = (await file.place?.(options)) ?? (await this.#put(source, options));
    return { outcome: 'stored', result, facts: this.#factsOf(file, result), isNew };
  }

  /** Before the body is read, where its length is known; else while it comes. */
  async #reserveSpace({ body, exactBytes, watchBytes, isRename }: IncomingFile): Promise<void> {
    const { space } = this.#target;
    if (space === undefined || isRename === true) return;
    if (exactBytes !== undefined) await space.reserveWhole(exactBytes);
    else
      watchBytes?.((received) => {
        space.grow(received, (refusal) => body.destroy(refusal));
      });
  }

  #put(body: Readable, options: PutOptions): Promise<PutResult> {
    return tracedPut(body, options, (traced) =>
      this.#stages.putFile(this.#stage, this.#target.key, body, traced),
    );
  }

  get #putCondition(): PutCondition | undefined {
    const { overwrite } = this.#target;
    const condition = this.#condition;
    if (overwrite === 'skip' || overwrite === 'fail') return { kind: 'absent' };
    return condition?.kind === 'present' ? undefined : condition;
  }

  #factsOf({ original, contentType }: IncomingFile, { checksums }: PutResult): StoredFacts {
    return {
      md5: original?.md5 ?? checksums.md5 ?? null,
      creator: original?.creator ?? displayName(this.#target.uploader),
      contentType: contentType ?? null,
    };
  }

  async #record(uploaded: UploadedFile, fileRecord: FileRecord): Promise<void> {
    const { name, key: path } = this.#target;
    if (uploaded.outcome === 'skipped') {
      const { size, etag } = uploaded.existing;
      const md5 = (await knownMd5(this.#stages, this.#stage, uploaded.existing)) ?? null;
      fileRecord.skipped({ name, path, size, md5, etag, outcome: 'skipped' });
      return;
    }
    const { size, etag } = uploaded.result;
    const { store, prefix } = this.#stage.location;
    const entry = { ...uploaded.facts, store, objectKey: prefix + path, size };
    fileRecord.stored(
      { name, path, size, md5: entry.md5, etag, outcome: 'stored' },
      etag === null ? undefined : { ...entry, etag },
    );
  }

  async #assertDifferent(existing: ObjectStat, content: PutContent): Promise<void> {
    if (await isSameContent(this.#stages, this.#stage, existing, content)) throw new SameContent();
  }

  /** Returns the existing file if it is the reason why the put failed. */
  async #reasonToSkip(error: unknown, existing: ObjectStat | undefined): Promise<ObjectStat | undefined> {
    if (error instanceof SameContent) return existing;
    const exists = error instanceof StorageError && error.kind === 'PreconditionFailed';
    return exists && this.#target.overwrite === 'skip' ? this.#find() : undefined;
  }

  async #willBeNew(): Promise<boolean> {
    const { reportsNew, condition } = this.#target;
    if (this.#putCondition?.kind === 'absent') return true;
    return reportsNew && condition === undefined ? this.#isMissing() : false;
  }

  /**
   * Evaluates conditions that no store supports. The upload then replaces only the file that they were evaluated on.
   */
  async #resolveConditions(conditions: FileConditions): Promise<PutCondition | { readonly kind: 'present' }> {
    const existing = await this.#findExisting();
    if (evaluateConditions(conditions, existing, 'change') !== 'holds') throw conditionFailed(existing);
    if (existing === undefined) return { kind: 'absent' };
    return existing.etag === null ? { kind: 'present' } : { kind: 'etag', etag: existing.etag };
  }

  /**
   * Checks a condition that no store supports: the file can still be removed between this check and the end of the put.
   */
  async #assertPresent(): Promise<void> {
    if ((await this.#findExisting()) !== undefined) return;
    throw new StorageError('PreconditionFailed', 'There is no file of that name: nothing was changed.');
  }

  /** Reports whether no file exists; false if the store does not allow this server to look. */
  async #isMissing(): Promise<boolean> {
    try {
      return (await this.#find()) === undefined;
    } catch (error) {
      if (error instanceof StorageError && error.kind === 'PermissionDenied') return false;
      throw error;
    }
  }

  /**
   * Finds the existing file. A store whose keys may not list answers PermissionDenied for missing objects, so that
   * error counts as missing: the decision then becomes a condition of the put, which the store evaluates, or is
   * harmless.
   */
  async #findExisting(): Promise<ObjectStat | undefined> {
    try {
      return await this.#find();
    } catch (error) {
      if (error instanceof StorageError && error.kind === 'PermissionDenied') return undefined;
      throw error;
    }
  }

  async #find(): Promise<ObjectStat | undefined> {
    try {
      return await this.#stages.statFile(this.#stage, listedAs(this.#target.key), {});
    } catch (error) {
      if (error instanceof StorageError && error.kind === 'NotFound') return undefined;
      throw error;
    }
  }
}

/** Protects a body from readers that destroy it, so that the rest can still be read. */
function withoutDestroy(body: Readable): Readable {
  return Readable.from(body.iterator({ destroyOnReturn: false }), { objectMode: false });
}

function algorithmsOf(checksums: Checksums): ChecksumAlgorithm[] {
  return Object.keys(checksums) as ChecksumAlgorithm[]; // keys of Checksums are algorithms only
}

function ignoreStorageError(error: unknown): undefined {
  if (!(error instanceof StorageError)) throw error;
}
