import { Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { LRUCache } from 'lru-cache';
import { requirePrivilege } from '../../access/access.js';
import type { Principal } from '../../access/principal.js';
import type { Privileges } from '../../access/privileges.js';
import {
  FileMetadataRepository,
  type FileFacts,
  type FileMetadataIndex,
} from '../../file-metadata/file-metadata.repository.js';
import { isEtagOfCopy } from '../../storage/contract/copied-etag.js';
import { type ListedKey, listedAs } from '../../storage/contract/listed-key.js';
import type { ObjectKey } from '../../storage/contract/object-key.js';
import { isMarker } from '../../storage/contract/marker.js';
import { StorageError } from '../../storage/contract/storage-error.js';
import type {
  GetOptions,
  ObjectBody,
  ObjectStat,
  OperationOptions,
  PutOptions,
  PutResult,
  StorageProvider,
} from '../../storage/contract/storage-provider.js';
import { conditionFailed, verdictOn, type FileConditions } from './conditions/file-conditions.js';
import { FilePattern } from './file-pattern.js';
import { matchingFiles, removeMatching } from './matching-files.js';
import { stageObject } from '../stage-object.js';
import { StageCatalog, unknownStage } from '../catalog/stage-catalog.js';
import { stageFileRow, type FileRowOf, type StageFileRow } from './stage-file-row.js';
import { stageFileName, stagePrefix } from './stage-path.js';
import type { Stage } from '../catalog/stage.js';
import { StageStorage, type StageRoot } from './stage-storage.js';

/** A stage that its user may use, and where its files lie. */
export interface OpenedStage extends StageRoot {
  readonly stage: Stage;
}

/** Which files, as a user writes it. */
export interface FileQuery {
  readonly prefix?: string | undefined;
  readonly pattern?: string | undefined;
  /** Only names after this one. */
  readonly startAfter?: string | undefined;
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** An entry holds a name, 1 KiB at most, and a few words. */
const REMEMBERED_FILES = 1_000;

/** The files of stages, for uploads, REST and SQL alike. */
@Injectable()
export class StageService {
  /** Of files as they are, etag and all, on stores that tell no content type: a loader asks for many ranges of few files. */
  readonly #recentFacts = new LRUCache<string, FileFacts>({ max: REMEMBERED_FILES });

  constructor(
    private readonly catalog: StageCatalog,
    private readonly storage: StageStorage,
    private readonly fileMetadata: FileMetadataRepository,
  ) {}

  /** Settles the stage, the caller's right and the store; everything else takes what this returns. */
  async resolve(name: string, principal: Principal, privilege: Privileges['stage']): Promise<OpenedStage> {
    const stage = await this.catalog.resolve(name, principal);
    requirePrivilege(principal, privilege, stageObject(stage));
    return { stage, ...this.storage.open(stage) };
  }

  /** @throws StageError of kind `UnknownStage` where the stage was dropped or replaced since it was resolved. */
  async assertExists({ stage }: OpenedStage): Promise<void> {
    if (stage.kind !== 'user' && (await this.catalog.isGone(stage))) throw unknownStage(stage.name);
  }

  /**
   * The file is in the stage, whole and durable, when this resolves. A stage that went away while its last byte was stored
   * takes the file with it, unless another one of its name is there by then: what that one holds is not touched.
   */
  async putFile(
    { stage, storage, location }: OpenedStage,
    key: ObjectKey,
    body: Readable,
    options: PutOptions,
  ): Promise<PutResult> {
    const hasKnownObjectsBelow = (): boolean =>
      this.fileMetadata.hasBelow(location.store, location.prefix + key);
    const result = await storage.put(key, body, { ...options, hasKnownObjectsBelow });
    if (stage.kind === 'internal' && (await this.catalog.isGone(stage))) {
      if (!(await this.catalog.isTaken(stage.name))) await storage.remove([listedAs(key)]);
      throw unknownStage(stage.name);
    }
    return result;
  }

  /** What was known of the file when this service took it in, or took in the one of which it is a copy. */
  factsOf({ location }: OpenedStage, stat: ObjectStat): FileFacts | undefined {
    const objectKey = location.prefix + stat.key;
    return shownFacts(this.fileMetadata.lookup(location.store, [objectKey]), objectKey, stat);
  }

  /** The same for this very file alone: what a copy is taken for, by its size and time, decides about no content. */
  exactFactsOf({ location }: OpenedStage, { key, etag }: ObjectStat): FileFacts | undefined {
    const objectKey = location.prefix + key;
    return this.fileMetadata.lookup(location.store, [objectKey]).find(objectKey, etag);
  }

  /** A store that keeps no content type has none to tell: then it is the one with which this service took the file in. */
  withContentType(stage: OpenedStage, stat: ObjectStat): ObjectStat {
    if (stat.contentType !== null) return stat;
    const { store, prefix } = stage.location;
    const file = [store, prefix + stat.key, stat.etag].join('\n');
    const facts = this.#recentFacts.get(file) ?? this.factsOf(stage, stat);
    if (facts?.size !== stat.size) return stat;
    this.#recentFacts.set(file, facts);
    return { ...stat, contentType: facts.contentType };
  }

  /** @throws StorageError of kind `InvalidKey` where nothing in this stage can be named so. */
  fileName({ storage }: OpenedStage, text: string): ListedKey {
    return stageFileName(text, storage.capabilities);
  }

  async statFile({ storage }: OpenedStage, name: ListedKey, options: OperationOptions): Promise<ObjectStat> {
    const stat = await storage.stat(name, options);
    if (isMarker(stat)) throw noFile(name);
    return stat;
  }

  async openFile({ storage }: OpenedStage, name: ListedKey, options: GetOptions): Promise<ObjectBody> {
    const file = await storage.get(name, options);
    if (!isMarker(file.stat)) return file;
    file.body.destroy();
    throw noFile(name);
  }

  /** Rows in byte order of their names, in batches that are never empty; no more than one of them is in memory. */
  listFiles(stage: OpenedStage, query: FileQuery): AsyncGenerator<readonly StageFileRow[]> {
    return this.listRows(stage, query, stageFileRow);
  }

  /** The same in rows of another form. */
  async *listRows<Row>(
    { storage, location: { store, prefix } }: OpenedStage,
    query: FileQuery,
    rowOf: FileRowOf<Row>,
  ): AsyncGenerator<readonly Row[]> {
    for await (const batch of matchingFiles(storage, { ...query, ...selectionOf(query, storage) })) {
      const facts = this.fileMetadata.lookup(
        store,
        batch.map(({ key }) => prefix + key),
      );
      yield batch.map((stat) =>
        rowOf(stat, storage.capabilities, shownFacts(facts, prefix + stat.key, stat)),
      );
    }
  }

  /** @returns how many files were removed. */
  async removeFiles(stage: OpenedStage, query: FileQuery): Promise<number> {
    return removeMatching(stage, this.fileMetadata, { ...query, ...selectionOf(query, stage.storage) });
  }

  /**
   * Removes exactly this file. A missing one is `NotFound`, whatever the conditions (RFC 9110 13.2.1).
   *
   * @throws StorageError of kind `PreconditionFailed` where a condition does not hold.
   */
  async removeFile(
    { storage, location }: OpenedStage,
    key: ListedKey,
    conditions: FileConditions | undefined,
  ): Promise<void> {
    const existing = await storage.stat(key);
    if (isMarker(existing)) throw noFile(key);
    if (conditions !== undefined && verdictOn(conditions, existing, 'change') !== 'holds') {
      throw conditionFailed(existing);
    }
    const startedAt = new Date();
    const etag = conditions === undefined ? undefined : (existing.etag ?? undefined);
    const { failures } = await storage.remove([key], { etag });
    if (failures[0] !== undefined) throw failures[0].error;
    await this.fileMetadata.forget(location.store, [location.prefix + key], startedAt);
  }
}

/** What no listing shows is no file on any route; a removal by prefix takes it along. */
function noFile(key: ListedKey): StorageError {
  return new StorageError('NotFound', 'There is no file of that name: it marks a directory.', {
    context: { key },
  });
}

function selectionOf(
  query: FileQuery,
  { capabilities }: StorageProvider,
): { prefix: string; pattern: FilePattern | undefined } {
  return {
    prefix: stagePrefix(query.prefix ?? '', capabilities),
    pattern: query.pattern === undefined ? undefined : new FilePattern(query.pattern),
  };
}

function shownFacts(
  known: FileMetadataIndex,
  objectKey: string,
  { etag, size }: ObjectStat,
): FileFacts | undefined {
  const exact = known.find(objectKey, etag);
  return exact ?? known.ofSize(objectKey, size).find((facts) => isEtagOfCopy(etag, facts.etag));
}
