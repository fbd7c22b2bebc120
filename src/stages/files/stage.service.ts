import { Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { requirePrivilege } from '../../access/access.js';
import type { Principal } from '../../access/principal.js';
import { changed } from '../../audit/events/audit-event.js';
import { auditStatement } from '../../audit/events/audit-statement.js';
import type { Privileges } from '../../access/privileges.js';
import type { Quota } from '../../access/quota.js';
import { FileMetadataRepository, type FileFacts } from '../../file-metadata/file-metadata.repository.js';
import { type ListedKey, listedAs } from '../../storage/contract/listed-key.js';
import type { ObjectKey } from '../../storage/contract/object-key.js';
import type { ObjectSource } from '../../storage/contract/object-source.js';
import { isMarker } from '../../storage/contract/marker.js';
import { StorageError } from '../../storage/contract/storage-error.js';
import type {
  CopyOptions,
  GetOptions,
  ListPaging,
  ObjectBody,
  ObjectStat,
  OperationOptions,
  PutOptions,
  PutResult,
  StorageProvider,
} from '../../storage/contract/storage-provider.js';
import { conditionFailed, evaluateConditions, type FileConditions } from './conditions/file-conditions.js';
import { UserService } from '../../users/accounts/user.service.js';
import { FilePattern } from './file-pattern.js';
import { matchingFiles, removeMatching } from './matching-files.js';
import { RecordedContentTypes } from './recorded-content-types.js';
import { ScopedStorage } from './scoped-storage.js';
import { shownFacts } from './shown-facts.js';
import { auditedStage, stageObject } from '../stage-object.js';
import { StageCatalog, unknownStage } from '../catalog/stage-catalog.js';
import { stageFileRow, type FileRowOf, type StageFileRow } from './stage-file-row.js';
import { stageFileName, stagePrefix } from './stage-path.js';
import type { Stage } from '../catalog/stage.js';
import { StageStorage, type ActedOnStage } from './stage-storage.js';

/** A resolved stage that the user may access, and the location of its files. */
export type OpenedStage = ActedOnStage;

/** A user's selection of files. */
export interface FileQuery {
  readonly prefix?: string | undefined;
  readonly pattern?: string | undefined;
  /** Names after this one only. */
  readonly startAfter?: string | undefined;
  readonly limit?: number | undefined;
  readonly paging?: ListPaging | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Accesses the files of stages, for uploads, REST and SQL alike. */
@Injectable()
export class StageService {
  private readonly contentTypes: RecordedContentTypes;

  constructor(
    private readonly catalog: StageCatalog,
    private readonly storage: StageStorage,
    private readonly fileMetadata: FileMetadataRepository,
    private readonly users: UserService,
  ) {
    this.contentTypes = new RecordedContentTypes(fileMetadata);
  }

  /** Resolves stage, privilege and store; all other methods take the result. */
  async resolve(name: string, principal: Principal, privilege: Privileges['stage']): Promise<OpenedStage> {
    const stage = await this.resolveNoted(name, principal);
    requirePrivilege(principal, privilege, stageObject(stage));
    const root = this.storage.open(stage);
    const prefix = principal.token?.scope?.prefix;
    if (prefix === undefined) return { stage, actor: principal, ...root };
    return { stage, actor: principal, ...root, storage: new ScopedStorage(root.storage, prefix) };
  }

  /**
   * @returns its quota now; of a user's own stage, that of the request's beginning.
   * @throws StageError of kind `UnknownStage` if the stage was dropped or replaced since it was resolved.
   */
  async assertExists({ stage }: OpenedStage): Promise<Quota | null> {
    if (stage.kind === 'user') return stage.quota;
    const quota = await this.catalog.quotaNow(stage);
    if (quota === undefined) throw unknownStage(stage.name);
    return quota;
  }

  /**
   * Stores a file. It is in the stage, complete and durable, when this resolves. If the stage was dropped meanwhile,
   * the file is removed, unless a new stage has its name: files of that one are never touched. The same if the user was
   * dropped whose own stage it is: no other user has its location.
   */
  async putFile(stage: OpenedStage, key: ObjectKey, body: Readable, options: PutOptions): Promise<PutResult> {
    const result = await stage.storage.put(key, body, this.withKnownBelow(stage, key, options));
    return this.keptIfStageExists(stage, result);
  }

  /** Stores a file as a copy of another one that the store makes by itself, with the promises of `putFile`. */
  async copyFile(
    stage: OpenedStage,
    key: ObjectKey,
    source: ObjectSource,
    options: CopyOptions,
  ): Promise<PutResult> {
    const result = await stage.storage.copy(source, key, this.withKnownBelow(stage, key, options));
    return this.keptIfStageExists(stage, result);
  }

  /** Moves a file into the stage at once. The caller asks `fateOf` afterwards. */
  moveFile(
    stage: OpenedStage,
    key: ObjectKey,
    source: ObjectSource,
    options: CopyOptions,
  ): Promise<PutResult> {
    return stage.storage.move(source, key, this.withKnownBelow(stage, key, options));
  }

  /** Tells what has become of a stage since it was resolved; `replaced`: another one has its name and its location. */
  async fateOf({ stage }: OpenedStage): Promise<'exists' | 'removed' | 'replaced'> {
    if (stage.kind === 'user')
      return (await this.users.findById(stage.userId)) === null ? 'removed' : 'exists';
    if (stage.kind === 'external' || !(await this.catalog.isRemoved(stage))) return 'exists';
    return (await this.catalog.nameExists(stage.name)) ? 'replaced' : 'removed';
  }

  /** Returns the metadata recorded when this service stored the file, or the original of which it is a copy. */
  async factsOf({ location }: OpenedStage, stat: ObjectStat): Promise<FileFacts | undefined> {
    const objectKey = location.prefix + stat.key;
    return shownFacts(await this.fileMetadata.lookup(location.store, [objectKey]), objectKey, stat);
  }

  /**
   * Returns the metadata of this exact version. Never matches a copy by size and time, which proves nothing about its
   * content.
   */
  async exactFactsOf({ location }: OpenedStage, { key, etag }: ObjectStat): Promise<FileFacts | undefined> {
    const objectKey = location.prefix + key;
    return (await this.fileMetadata.lookup(location.store, [objectKey])).find(objectKey, etag);
  }

  /** Adds the content type that this service recorded, for stores that keep none. */
  async withContentType(stage: OpenedStage, stat: ObjectStat): Promise<ObjectStat> {
    if (stage.storage.capabilities.contentType) return stat;
    const facts = await this.factsOf(stage, stat);
    return facts === undefined ? stat : { ...stat, contentType: facts.contentType };
  }

  /** @throws StorageError of kind `InvalidKey` for a name that no file of this stage can have. */
  fileName({ storage }: OpenedStage, text: string): ListedKey {
    return stageFileName(text, storage.capabilities);
  }

  async statFile({ storage }: OpenedStage, name: ListedKey, options: OperationOptions): Promise<ObjectStat> {
    const stat = await storage.stat(name, options);
    if (isMarker(stat)) throw noFile(name);
    return stat;
  }

  async openFile(stage: OpenedStage, name: ListedKey, options: GetOptions): Promise<ObjectBody> {
    const open = (): Promise<ObjectBody> => stage.storage.get(name, options);
    const keepsTypes = stage.storage.capabilities.contentType;
    const file = keepsTypes ? await open() : await this.contentTypes.open(stage, name, open);
    if (!isMarker(file.stat)) return file;
    file.body.destroy();
    throw noFile(name);
  }

  /** Lists rows in byte order of their names. Batches are never empty, and only one is in memory at a time. */
  listFiles(stage: OpenedStage, query: FileQuery): AsyncGenerator<readonly StageFileRow[]> {
    return this.listRows(stage, query, stageFileRow);
  }

  /** Lists files as their store knows them, without what is recorded of them. */
  async *statFiles({ storage }: OpenedStage, query: FileQuery): AsyncGenerator<readonly ObjectStat[]> {
    yield* matchingFiles(storage, { ...query, ...selectionOf(query, storage) });
  }

  /** Lists files as rows of another form. */
  async *listRows<Row>(
    stage: OpenedStage,
    query: FileQuery,
    rowOf: FileRowOf<Row>,
  ): AsyncGenerator<readonly Row[]> {
    for await (const batch of this.statFiles(stage, query)) yield await this.rowsOf(stage, batch, rowOf);
  }

  /** Makes rows of listed files. @param stats in byte order. */
  async rowsOf<Row>(
    { storage, location: { store, prefix } }: OpenedStage,
    stats: readonly ObjectStat[],
    rowOf: FileRowOf<Row>,
  ): Promise<readonly Row[]> {
    const facts = await this.fileMetadata.lookup(
      store,
      stats.map(({ key }) => prefix + key),
    );
    return stats.map((stat) => rowOf(stat, storage.capabilities, shownFacts(facts, prefix + stat.key, stat)));
  }

  /** @returns the number of removed files. */
  async removeFiles(stage: OpenedStage, query: FileQuery): Promise<number> {
    return removeMatching(stage, this.fileMetadata, { ...query, ...selectionOf(query, stage.storage) });
  }

  /**
   * Removes exactly this file. A missing file is `NotFound`, whatever the conditions (RFC 9110 13.2.1).
   *
   * @throws StorageError of kind `PreconditionFailed` if a condition does not hold.
   */
  async removeFile(
    { storage, location, stage, actor }: OpenedStage,
    key: ListedKey,
    conditions: FileConditions | undefined,
  ): Promise<void> {
    const existing = await storage.stat(key);
    if (isMarker(existing)) throw noFile(key);
    if (conditions !== undefined && evaluateConditions(conditions, existing, 'change') !== 'holds') {
      throw conditionFailed(existing);
    }
    const startedAt = new Date();
    const etag = conditions === undefined ? undefined : (existing.etag ?? undefined);
    const { failures } = await storage.remove([key], { etag });
    if (failures[0] !== undefined) throw failures[0].error;
    const facts = { stage: auditedStage(stage), path: key, bytes: existing.size };
    const event = auditStatement(changed('file.remove', actor, facts));
    await this.fileMetadata.forget(location, [location.prefix + key], startedAt, event);
  }

  /** Notes the stage for the audit, which also tells of requests that are refused. */
  private async resolveNoted(name: string, principal: Principal): Promise<Stage> {
    const { origin } = principal;
    if (origin === undefined || origin.stage !== undefined) return this.catalog.resolve(name, principal);
    origin.stage = { name };
    const stage = await this.catalog.resolve(name, principal);
    origin.stage = auditedStage(stage);
    return stage;
  }

  private withKnownBelow<Options extends CopyOptions>(
    { location }: OpenedStage,
    key: ObjectKey,
    options: Options,
  ): Options {
    const hasKnownObjectsBelow = (): Promise<boolean> =>
      this.fileMetadata.hasBelow(location.store, location.prefix + key);
    return { ...options, hasKnownObjectsBelow };
  }

  private async keptIfStageExists(stage: OpenedStage, result: PutResult): Promise<PutResult> {
    const fate = await this.fateOf(stage);
    if (fate === 'exists') return result;
    if (fate === 'removed') await stage.storage.remove([listedAs(result.key)]);
    throw unknownStage(stage.stage.name);
  }
}

/**
 * Treats directory markers as missing on every route, because listings hide them. A removal by prefix includes them.
 */
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
