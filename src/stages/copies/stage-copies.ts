import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { SqlStatement } from '../../database/sql.js';
import { SqlDatabase } from '../../database/sql-database.js';
import { type FileMetadata, FileMetadataRepository } from '../../file-metadata/file-metadata.repository.js';
import { counted } from '../../file-metadata/stage-usage.js';
import { type ListedKey, listedAs } from '../../storage/contract/listed-key.js';
import { type ObjectKey, objectKey } from '../../storage/contract/object-key.js';
import { assertSourceVersion } from '../../storage/contract/object-source.js';
import { StorageError } from '../../storage/contract/storage-error.js';
import type {
  CopyOptions,
  ObjectStat,
  OperationOptions,
  PutResult,
  RemoveReport,
} from '../../storage/contract/storage-provider.js';
import { unknownStage } from '../catalog/stage-catalog.js';
import { StageService, type OpenedStage } from '../files/stage.service.js';
import { changed, type AuditEvent } from '../../audit/events/audit-event.js';
import { auditStatement } from '../../audit/events/audit-statement.js';
import { auditedStage } from '../stage-object.js';
import { contentTypeOf, sourceChunks, verifyContent, type SourceFile } from './source-file.js';

export interface Transfer {
  readonly source: SourceFile;
  readonly to: OpenedStage;
  readonly key: ObjectKey;
  /** Does the source go in the end? */
  readonly moves: boolean;
}

/** A file that its store has copied or moved by itself. */
export interface PlacedFile {
  readonly result: PutResult;
  readonly isSourceGone: boolean;
}

/** Copies and moves files within and between stages: on requests, and when a user's files are given away. */
@Injectable()
export class StageCopies {
  constructor(
    private readonly stages: StageService,
    private readonly fileMetadata: FileMetadataRepository,
    private readonly database: SqlDatabase,
  ) {}

  /**
   * Finds the file to copy.
   *
   * @param etag the version that the caller means.
   * @throws StorageError of kind `NotFound`; of kind `PreconditionFailed` for another version.
   */
  async find(
    stage: OpenedStage,
    name: ListedKey,
    { etag, signal }: OperationOptions & { readonly etag?: string | undefined } = {},
  ): Promise<SourceFile> {
    const stat = await this.stages.statFile(stage, name, { signal });
    assertSourceVersion(stat, etag, { operation: 'copy', key: name });
    return { stage, name, stat, facts: await this.stages.exactFactsOf(stage, stat) };
  }

  /**
   * Checks that target and source are two files. Two stages can reach one file by different names of their store: a move would then
   * remove the only one.
   *
   * @throws StorageError of kind `InvalidKey`.
   */
  async assertTwoFiles({ source, to, key, moves }: Transfer): Promise<void> {
    const { store, prefix } = source.stage.location;
    const isSameStore = store === to.location.store;
    if (isSameStore && prefix + source.name === to.location.prefix + key) throw ontoItself();
    if (!moves || isSameStore) return;
    const existing = await this.stages.statFile(to, listedAs(key), {}).catch(unlessMissing);
    if (existing !== undefined && isLikeness(existing, source.stat)) throw ontoItself();
  }

  /** Is it only given another name in its stage, by the store at once? Nothing is then added to the stage. */
  canRename({ source, to, moves }: Transfer): boolean {
    const { store, prefix } = source.stage.location;
    const isOneStage = store === to.location.store && prefix === to.location.prefix;
    return moves && isOneStage && to.storage.capabilities.move;
  }

  /** Lets the store copy or move the file without its bytes. @returns undefined if it cannot: nothing has changed then. */
  async place(transfer: Transfer, options: CopyOptions): Promise<PlacedFile | undefined> {
    const { source, to, key, moves } = transfer;
    const { capabilities } = to.storage;
    const ofVersion = { ...options, sourceEtag: source.stat.etag ?? undefined };
    if (moves && capabilities.move && this.#canMoveBack(transfer)) {
      const result = await this.#move(transfer, ofVersion).catch(unlessUnsupported);
      if (result !== undefined) return { result, isSourceGone: true };
    }
    if (!capabilities.copy) return undefined;
    const object = source.stage.storage.source(source.name);
    const result = await this.stages.copyFile(to, key, object, ofVersion).catch(unlessUnsupported);
    return result === undefined ? undefined : { result, isSourceGone: false };
  }

  /**
   * Removes the source of a move, in exactly the version that was copied.
   *
   * @throws StorageError; the file is then under both names.
   */
  async removeSource(transfer: Transfer): Promise<void> {
    const { stage, name, stat } = transfer.source;
    if (stat.etag === null)
      throw sourceStays('Its store gives it no ETag, so it could be another one by now.');
    const startedAt = new Date();
    const failure = await removalFailure(stage.storage.remove([name], { etag: stat.etag }));
    if (failure?.kind === 'PreconditionFailed') throw sourceStays('It has changed meanwhile.', failure);
    if (failure !== undefined) throw sourceStays(failure.message, failure);
    await this.#forget(transfer, startedAt);
  }

  /** Moves a file without a record of an upload. Its target is whole and recorded before the source goes. */
  async move(source: SourceFile, to: OpenedStage, key: ObjectKey): Promise<void> {
    const transfer = { source, to, key, moves: true };
    await this.assertTwoFiles(transfer);
    const placed = await this.place(transfer, {});
    const result = placed?.result ?? (await this.#send(transfer));
    const { facts } = source;
    const recorded =
      facts === undefined || result.etag === null
        ? []
        : this.fileMetadata.recordStatements(entryOf(transfer, { ...facts, etag: result.etag }));
    const { name, stat } = source;
    const moved = {
      stage: auditedStage(to.stage),
      path: key,
      bytes: stat.size,
      detail: from(source.stage, name),
    };
    await this.#record(transfer, recorded, auditStatement(changed('file.move', to.actor, moved)));
    if (placed?.isSourceGone !== true) await this.removeSource(transfer);
  }

  #send({ source, to, key }: Transfer): Promise<PutResult> {
    const body = Readable.from(sourceChunks(source), { objectMode: false });
    return this.stages.putFile(to, key, body, {
      maxBytes: source.stat.size,
      contentType: contentTypeOf(source),
      checksums: source.facts?.md5 == null ? [] : ['md5'],
      // eslint-disable-next-line @typescript-eslint/require-await
      beforeCommit: async (content) => {
        verifyContent(source, content);
      },
    });
  }

  /** Moves the file at once. It keeps its etag, so it is recorded under its new name before it has it. */
  async #move(transfer: Transfer, options: CopyOptions): Promise<PutResult> {
    const { source, to, key } = transfer;
    const startedAt = new Date();
    const beforeCommit: CopyOptions['beforeCommit'] = async (content) => {
      await options.beforeCommit?.(content);
      await this.#recordAhead(transfer);
    };
    const object = source.stage.storage.source(source.name);
    let result: PutResult;
    try {
      result = await this.stages.moveFile(to, key, object, { ...options, beforeCommit });
    } catch (error) {
      await this.#forgetUnmoved(transfer).catch(() => undefined); // the record is of no object
      throw error;
    }
    if ((await this.stages.fateOf(to)) !== 'exists') {
      await this.#moveBack(transfer);
      throw unknownStage(to.stage.name);
    }
    await this.#forget(transfer, startedAt);
    return result;
  }

  async #recordAhead(transfer: Transfer): Promise<void> {
    const { facts } = transfer.source;
    if (facts === undefined) return;
    await this.#record(transfer, [this.fileMetadata.recordStatement(entryOf(transfer, facts))]);
  }

  /** @param events written in the same commit. */
  async #record(
    { to, key }: Transfer,
    statements: readonly SqlStatement[],
    ...events: readonly SqlStatement[]
  ): Promise<void> {
    const objectKey = to.location.prefix + key;
    const all = counted(to.location, { first: objectKey, last: objectKey }, statements);
    await this.database.write([...all, ...events]);
  }

  async #forgetUnmoved(transfer: Transfer): Promise<void> {
    const { source, to, key } = transfer;
    const { facts } = source;
    if (facts === undefined) return;
    const existing = await this.stages.statFile(to, listedAs(key), {}).catch(unlessMissing);
    if (existing?.etag !== facts.etag)
      await this.fileMetadata.forgetVersion(to.location, entryOf(transfer, facts));
  }

  /** Within one stage nothing is moved back; between stages, only a name that an upload may have can be. */
  #canMoveBack({ source, to }: Transfer): boolean {
    const { location, stage } = source.stage;
    const isOneStage = location.prefix === to.location.prefix && stage.kind === to.stage.kind;
    return isOneStage || isUploadName(source.name);
  }

  /** Moves a file back out of a stage that was dropped meanwhile: a move never loses a file. */
  async #moveBack({ source, to, key }: Transfer): Promise<void> {
    if (!isUploadName(source.name)) return; // it was in the stage that was dropped
    const moved = to.storage.source(listedAs(key));
    const sourceEtag = source.stat.etag ?? undefined;
    await source.stage.storage
      .move(moved, objectKey(source.name), { condition: { kind: 'absent' }, sourceEtag })
      .catch(unlessMissing); // removed with the stage
  }

  /** Forgets the source of a move. */
  async #forget({ source, to, key }: Transfer, removedAt: Date): Promise<void> {
    const { stage, name, stat } = source;
    const detail = { to: { stage: to.stage.name, path: key } };
    const removed = { stage: auditedStage(stage.stage), path: name, bytes: stat.size, detail };
    const event = auditStatement(changed('file.remove', stage.actor, removed));
    await this.fileMetadata.forget(stage.location, [stage.location.prefix + name], removedAt, event);
  }
}

function entryOf(
  { source, to, key }: Transfer,
  facts: Pick<FileMetadata, 'md5' | 'contentType' | 'creator' | 'etag'>,
): FileMetadata {
  const { store, prefix } = to.location;
  const { md5, contentType, creator, etag } = facts;
  const { size } = source.stat;
  return { store, objectKey: prefix + key, size, etag, md5, contentType, creator, uploadId: '' };
}

/** The detail of an event that tells of a copy. */
export function from({ stage }: OpenedStage, path: string): NonNullable<AuditEvent['detail']> {
  return { from: { stage: stage.name, path } };
}

function isUploadName(name: ListedKey): boolean {
  try {
    objectKey(name);
    return true;
  } catch {
    return false;
  }
}

/** Could the two be one object? */
function isLikeness(a: ObjectStat, b: ObjectStat): boolean {
  const seconds = ({ lastModified }: ObjectStat): number => Math.floor(lastModified.getTime() / 1000);
  return a.etag === b.etag && a.size === b.size && seconds(a) === seconds(b);
}

function ontoItself(): StorageError {
  return new StorageError('InvalidKey', 'A file cannot be copied or moved onto itself: give another name.');
}

/** Why a store did not remove the one object; undefined if it did. */
async function removalFailure(removal: Promise<RemoveReport>): Promise<StorageError | undefined> {
  try {
    const { failures } = await removal;
    return failures[0]?.error;
  } catch (error) {
    if (error instanceof StorageError) return error;
    throw error;
  }
}

function sourceStays(reason: string, cause?: StorageError): StorageError {
  const message = `The file was copied, and stays under its old name too. ${reason}`;
  return new StorageError(cause?.kind ?? 'PreconditionFailed', message, {
    context: cause?.context ?? {},
    cause,
  });
}

function unlessMissing(error: unknown): undefined {
  if (!(error instanceof StorageError) || error.kind !== 'NotFound') throw error;
}

function unlessUnsupported(error: unknown): undefined {
  if (!(error instanceof StorageError) || error.kind !== 'Unsupported') throw error;
}
