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
  PutResult,
} from '../../storage/contract/storage-provider.js';
import type { OverwritePolicy } from './overwrite-policy.js';
import { isSameContent, knownMd5 } from './same-content.js';
import {
  conditionFailed,
  verdictOn,
  type FileConditions,
} from '../../stages/files/conditions/file-conditions.js';
import { stageFileRow, type StageFileRow } from '../../stages/files/stage-file-row.js';
import type { OpenedStage, StageService } from '../../stages/files/stage.service.js';
import type { FileRecord, UploadRecord } from '../../journal/records/upload-record.js';

/** What an upload asks of the file that it may replace. */
export type UploadCondition =
  | PutCondition
  /** There is one, whichever. */
  | { readonly kind: 'present' }
  /** What no store knows: it becomes a condition on the file that is there when the upload begins. */
  | { readonly kind: 'conditions'; readonly conditions: FileConditions };

/** What the sender of a file says of it. */
export interface DeclaredContent {
  readonly checksums: Checksums;
  /** @throws where the content is another one. */
  readonly verify: (content: PutContent) => void;
}

/** A file on its way in. */
export interface IncomingFile {
  readonly body: Readable;
  readonly maxBytes?: number | undefined;
  readonly contentType?: string | undefined;
  readonly declared: DeclaredContent;
  readonly memory: BufferLease;
  readonly signal: AbortSignal;
  /** Its bytes are not wanted. */
  discard(): Promise<void>;
}

/** Where a file goes, and what is to become of one that is there. */
export interface UploadTarget {
  readonly key: ObjectKey;
  /** As it was sent. */
  readonly name: string;
  readonly condition?: UploadCondition | undefined;
  readonly overwrite: OverwritePolicy;
  /** Is it to be found out whether the file is new? */
  readonly tellsNew: boolean;
  /** What is computed of every file. */
  readonly checksums: readonly ChecksumAlgorithm[];
  readonly uploader: Principal;
  readonly record: UploadRecord;
}

export type UploadedFile =
  | {
      readonly outcome: 'stored';
      readonly result: PutResult;
      /** Did it replace none? As seen a moment before it appeared: only a condition can know. */
      readonly isNew: boolean;
    }
  | { readonly outcome: 'skipped'; readonly there: ObjectStat };

/** The content is that of the file that is there. */
class SameContent extends Error {}

/** One file that is written to a stage under a name, by itself. */
export class FileUpload {
  readonly #stages: StageService;
  readonly #stage: OpenedStage;
  readonly #target: UploadTarget;
  #condition: Exclude<UploadCondition, { kind: 'conditions' }> | undefined;

  constructor(stages: StageService, stage: OpenedStage, target: UploadTarget) {
    this.#stages = stages;
    this.#stage = stage;
    this.#target = target;
  }

  /** @throws StorageError of kind `PreconditionFailed` where the condition does not hold; nothing has changed then. */
  async receive(file: IncomingFile): Promise<UploadedFile> {
    const { condition, overwrite, record } = this.#target;
    this.#condition =
      condition?.kind === 'conditions' ? await this.#settled(condition.conditions) : condition;
    if (this.#condition?.kind === 'present') await this.#requirePresent();
    const there = overwrite === 'skip' || overwrite === 'skip-if-same' ? await this.#findIfTold() : undefined;
    const fileRecord = record.beginFile(this.#stage.location);
    try {
      const uploaded = await this.#storeOrSkip(file, there, fileRecord.cleanupLog);
      this.#record(uploaded, fileRecord, file.contentType ?? null);
      return uploaded;
    } catch (error) {
      fileRecord.failed();
      throw error;
    }
  }

  /** As a listing has it. The file is stored: what goes wrong now is no failure of the upload. */
  async rowOf(uploaded: UploadedFile): Promise<StageFileRow> {
    const { capabilities } = this.#stage.storage;
    if (uploaded.outcome === 'skipped') {
      return stageFileRow(uploaded.there, capabilities, this.#stages.factsOf(this.#stage, uploaded.there));
    }
    const { key, size, etag, checksums } = uploaded.result;
    const made: ObjectStat = {
      key: listedAs(key),
      size,
      etag,
      lastModified: new Date(),
      md5: null,
      contentType: null,
    };
    const md5 = checksums.md5 ?? null;
    const facts = { size, etag: etag ?? '', md5, creator: this.#creator, contentType: null };
    const found = await this.#find().catch(ignoreStorageError);
    // A file that came after it is another one.
    return stageFileRow(found?.etag === etag ? found : made, capabilities, facts);
  }

  async #storeOrSkip(
    file: IncomingFile,
    there: ObjectStat | undefined,
    cleanupLog: CleanupLog,
  ): Promise<UploadedFile> {
    if (there !== undefined && this.#isKnownToBeSkipped(file, there)) {
      await file.discard();
      return { outcome: 'skipped', there };
    }
    try {
      return await this.#store(file, there, cleanupLog);
    } catch (error) {
      const found = await this.#reasonToSkip(error, there);
      if (found === undefined) throw error;
      await file.discard(); // a store may have refused before it had read all
      return { outcome: 'skipped', there: found };
    }
  }

  #isKnownToBeSkipped({ declared }: IncomingFile, there: ObjectStat): boolean {
    if (this.#target.overwrite === 'skip') return true;
    const { md5 } = declared.checksums;
    return md5 !== undefined && md5 === knownMd5(this.#stages, this.#stage, there);
  }

  async #store(
    { body, declared, maxBytes, contentType, memory, signal }: IncomingFile,
    there: ObjectStat | undefined,
    cleanupLog: CleanupLog,
  ): Promise<UploadedFile> {
    const { key, overwrite, checksums } = this.#target;
    const condition = this.#condition;
    const needed = overwrite === 'skip-if-same' ? (['md5'] as const) : [];
    let isNew = false;
    const beforeCommit = async (content: PutContent): Promise<void> => {
      declared.verify(content);
      await this.#stages.assertExists(this.#stage);
      if (condition?.kind === 'present') await this.#requirePresent();
      isNew = await this.#willBeNew();
      if (overwrite === 'skip-if-same' && there !== undefined) await this.#refuseSame(there, content);
    };
    const source = overwrite === 'skip' ? shielded(body) : body;
    const result = await this.#stages.putFile(this.#stage, key, source, {
      maxBytes,
      contentType,
      memory,
      signal,
      condition: this.#putCondition,
      checksums: [...checksums, ...needed, ...algorithmsOf(declared.checksums)],
      beforeCommit,
      cleanupLog,
    });
    return { outcome: 'stored', result, isNew };
  }

  get #putCondition(): PutCondition | undefined {
    const { overwrite } = this.#target;
    const condition = this.#condition;
    if (overwrite === 'skip' || overwrite === 'fail') return { kind: 'absent' };
    return condition?.kind === 'present' ? undefined : condition;
  }

  get #creator(): string {
    return displayName(this.#target.uploader);
  }

  #record(uploaded: UploadedFile, fileRecord: FileRecord, contentType: string | null): void {
    const { name, key: path } = this.#target;
    if (uploaded.outcome === 'skipped') {
      const { size } = uploaded.there;
      const md5 = knownMd5(this.#stages, this.#stage, uploaded.there) ?? null;
      fileRecord.skipped({ name, path, size, md5, outcome: 'skipped' });
      return;
    }
    const { size, etag, checksums } = uploaded.result;
    const md5 = checksums.md5 ?? null;
    const { store, prefix } = this.#stage.location;
    const entry = { store, objectKey: prefix + path, size, md5, contentType, creator: this.#creator };
    fileRecord.stored(
      { name, path, size, md5, outcome: 'stored' },
      etag === null ? undefined : { ...entry, etag },
    );
  }

  async #refuseSame(there: ObjectStat, content: PutContent): Promise<void> {
    if (await isSameContent(this.#stages, this.#stage, there, content)) throw new SameContent();
  }

  /** The file that is kept, where that is why the put has failed. */
  async #reasonToSkip(error: unknown, there: ObjectStat | undefined): Promise<ObjectStat | undefined> {
    if (error instanceof SameContent) return there;
    const isThere = error instanceof StorageError && error.kind === 'PreconditionFailed';
    return isThere && this.#target.overwrite === 'skip' ? this.#find() : undefined;
  }

  async #willBeNew(): Promise<boolean> {
    const { tellsNew, condition } = this.#target;
    if (this.#putCondition?.kind === 'absent') return true;
    return tellsNew && condition === undefined ? this.#isKnownMissing() : false;
  }

  /** The file that the conditions were compared with must still be there when the upload takes its place. */
  async #settled(conditions: FileConditions): Promise<PutCondition | { readonly kind: 'present' }> {
    const there = await this.#findIfTold();
    if (verdictOn(conditions, there, 'change') !== 'holds') throw conditionFailed(there);
    if (there === undefined) return { kind: 'absent' };
    return there.etag === null ? { kind: 'present' } : { kind: 'etag', etag: there.etag };
  }

  /** No store knows this condition: between the look and the end of the put the file can still be removed. */
  async #requirePresent(): Promise<void> {
    if ((await this.#findIfTold()) !== undefined) return;
    throw new StorageError('PreconditionFailed', 'There is no file of that name: nothing was changed.');
  }

  /** Of a store that may be written and not read nobody can tell. */
  async #isKnownMissing(): Promise<boolean> {
    try {
      return (await this.#find()) === undefined;
    } catch (error) {
      if (error instanceof StorageError && error.kind === 'PermissionDenied') return false;
      throw error;
    }
  }

  /**
   * A store whose keys may not list says of what is not there that nobody may look. It is taken for absent: what is decided by
   * it is then a condition of the put, which the store itself judges, or nothing that could do harm.
   */
  async #findIfTold(): Promise<ObjectStat | undefined> {
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

/** Whoever reads it may destroy it, and the body is still there to be read on. */
function shielded(body: Readable): Readable {
  return Readable.from(body.iterator({ destroyOnReturn: false }), { objectMode: false });
}

function algorithmsOf(checksums: Checksums): ChecksumAlgorithm[] {
  return Object.keys(checksums) as ChecksumAlgorithm[]; // a Checksums has no other keys
}

function ignoreStorageError(error: unknown): undefined {
  if (!(error instanceof StorageError)) throw error;
}
