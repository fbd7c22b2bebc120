import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { isVisible, requirePrivilege } from '../../access/access.js';
import { displayName, type Principal } from '../../access/principal.js';
import { SERVICE } from '../../access/privileges.js';
import type { Quota } from '../../access/quota.js';
import type { SqlStatement } from '../../database/sql.js';
import { FileMetadataRepository } from '../../file-metadata/file-metadata.repository.js';
import type { OptionChanges } from '../../storage/contract/storage-provider-factory.js';
import { assertOneOption, type CreationOptions } from './creation.js';
import { ExternalConnections, withoutNulls } from '../connections/external-connections.js';
import {
  DEFAULT_FILE_FORMAT,
  fileFormatFrom,
  type FileFormat,
  type FileFormatOptions,
} from '../file-formats/file-format.js';
import { removeMatching } from '../files/matching-files.js';
import {
  externalFields,
  USER_STAGE_NAME,
  type CatalogStage,
  type InternalStage,
  type Stage,
} from './stage.js';
import { StageError } from '../stage-error.js';
import { stageObject } from '../stage-object.js';
import { checkComment, checkFileFormat } from './stage-limits.js';
import { checkNewStageName, misspelling } from './stage-name.js';
import {
  StageRepository,
  stageAlreadyExists,
  type AlteredLocation,
  type StageSelection,
  type StageAlteration,
} from './stage.repository.js';
import { StageStorage } from '../files/stage-storage.js';

export interface NewStage extends CreationOptions {
  readonly name: string;
  /** Makes the stage external. */
  readonly url?: string | undefined;
  /** Options of the CONNECTION clause, or `connection_name` or `connection_ref` alone. */
  readonly connection?: ReadonlyMap<string, string> | undefined;
  /** Databend's default if absent or empty. */
  readonly fileFormat?: FileFormatOptions | undefined;
  readonly comment?: string | undefined;
}

export type StageValidator = (stage: CatalogStage) => Promise<void>;

/** Fields that ALTER STAGE sets; absent fields stay unchanged. */
export interface StageChange {
  /**
   * Location of the files, from the next request on. As in Databend, the old connection and its credentials are
   * discarded.
   */
  readonly url?: string | undefined;
  /** With a url, all options, as in CREATE STAGE. Without one, the options that change. */
  readonly connection?: OptionChanges | undefined;
  /** Null resets it to Databend's default. */
  readonly fileFormat?: FileFormatOptions | null | undefined;
  /** Null clears it. */
  readonly comment?: string | null | undefined;
}

export interface CreatedStage {
  readonly stage: CatalogStage;
  /** False if `ifNotExists` matched an existing stage. */
  readonly isNew: boolean;
}

/** CREATE, ALTER, SHOW, DESCRIBE and DROP STAGE, for REST and SQL alike. */
@Injectable()
export class StageCatalog {
  constructor(
    private readonly repository: StageRepository,
    private readonly connections: ExternalConnections,
    private readonly storage: StageStorage,
    private readonly fileMetadata: FileMetadataRepository,
  ) {}

  /**
   * Creates or replaces a stage. As in Databend, replacing an internal stage deletes its files; the files of an
   * external stage stay.
   *
   * @param validate is called before anything is created or replaced; its rejection leaves everything unchanged.
   */
  async create(request: NewStage, principal: Principal, validate?: StageValidator): Promise<CreatedStage> {
    requirePrivilege(principal, 'CreateStage', SERVICE);
    assertOneOption(request);
    const stage = await this.newStage(request, principal);
    await validate?.(stage);
    return request.orReplace === true
      ? this.replace(stage, principal)
      : this.insert(stage, request, principal);
  }

  /** Yields the stages that the user may see, ordered by name. Batches may be empty. */
  async *show(principal: Principal, selection: StageSelection = {}): AsyncGenerator<readonly CatalogStage[]> {
    for await (const stages of this.repository.list(selection)) {
      yield stages.filter((stage) => isVisible(principal, stageObject(stage)));
    }
  }

  async describe(name: string, principal: Principal): Promise<Stage> {
    return this.resolve(name, principal);
  }

  /**
   * Resolves a name; `~` is the caller's own stage. A stage that the caller may do nothing with does not exist for it.
   *
   * @throws StageError of kind `UnknownStage`.
   */
  async resolve(name: string, principal: Principal): Promise<Stage> {
    if (name === USER_STAGE_NAME) {
      return { kind: 'user', name, userId: principal.userId, quota: principal.ownStageQuota };
    }
    const stage = await this.findVisible(name, principal);
    if (stage === null) throw unknownStage(name, { advice: await this.adviceFor(name, principal) });
    return stage;
  }

  /** @returns null for a stage that does not exist, or that the caller may do nothing with. Not for `~`. */
  async findVisible(name: string, principal: Principal): Promise<CatalogStage | null> {
    const stage = await this.repository.find(name);
    return stage !== null && isVisible(principal, stageObject(stage)) ? stage : null;
  }

  /** @returns null for a stage that was dropped or replaced, or that the caller may do nothing with. */
  async findVisibleById(id: string, principal: Principal): Promise<CatalogStage | null> {
    const stage = await this.repository.findById(id);
    return stage !== null && isVisible(principal, stageObject(stage)) ? stage : null;
  }

  /** Keeps the stage's identity: running uploads finish at the location where they began. */
  async alter(name: string, change: StageChange, principal: Principal): Promise<CatalogStage> {
    assertNamedStage(name, 'altered');
    if (isEmpty(change)) {
      throw new StageError('InvalidOption', 'ALTER STAGE requires at least one option when SET is used');
    }
    const stage = await this.findForChange(name, principal);
    requirePrivilege(principal, 'Alter', stageObject(stage));
    const alteration = await this.alteration(stage, change, principal);
    const isAltered = await this.repository.alter(stage, alteration, principal);
    // Dropped, replaced or changed meanwhile: the retry reports it, or alters what is there now.
    return isAltered ? this.find(name) : this.alter(name, change, principal);
  }

  /**
   * Deletes the files of an internal stage, never those of an external stage. If files cannot be removed, the stage
   * stays.
   */
  async drop(name: string, principal: Principal): Promise<void> {
    assertNamedStage(name, 'dropped');
    const stage = await this.findForChange(name, principal);
    requirePrivilege(principal, 'Drop', stageObject(stage));
    await this.removeInternalFiles(stage, principal);
    await this.repository.delete(stage, principal);
    // Removes files of uploads that finished in between; a later upload finds its stage missing.
    if (!(await this.nameExists(name))) await this.removeInternalFiles(stage, principal);
  }

  /** Reports whether the stage was dropped or replaced since it was resolved. */
  async isRemoved(stage: CatalogStage): Promise<boolean> {
    return (await this.quotaNow(stage)) === undefined;
  }

  /** @returns the stage's quota as it is now; undefined if the stage was dropped or replaced since it was resolved. */
  async quotaNow({ id }: CatalogStage): Promise<Quota | null | undefined> {
    return this.repository.quotaNow(id);
  }

  /** The caller has asked who may. */
  quotaChange({ id }: InternalStage, quota: Quota | null): SqlStatement {
    return this.repository.quotaChange(id, quota);
  }

  async nameExists(name: string): Promise<boolean> {
    return (await this.repository.find(name)) !== null;
  }

  private async find(name: string): Promise<CatalogStage> {
    const stage = await this.repository.find(name);
    if (stage === null) throw unknownStage(name);
    return stage;
  }

  private async findForChange(name: string, principal: Principal): Promise<CatalogStage> {
    const stage = await this.findVisible(name, principal);
    if (stage !== null) return stage;
    const context = 'error on validating stage access\n';
    throw unknownStage(name, { context, advice: await this.adviceFor(name, principal) });
  }

  /** Never reveals names of stages that the user may not see. */
  private async adviceFor(name: string, principal: Principal): Promise<string> {
    const advice = misspelling(name);
    if (advice !== undefined) return advice;
    const alike = await this.repository.findAlike(name);
    const isShown = alike !== null && isVisible(principal, stageObject(alike));
    return isShown ? ` There is '${alike.name}': case matters.` : '';
  }

  /** To replace a stage is to drop it: it needs the same privileges. */
  private async replace(stage: CatalogStage, principal: Principal): Promise<CreatedStage> {
    const existing = await this.repository.find(stage.name);
    if (existing !== null) requirePrivilege(principal, 'Drop', stageObject(existing));
    const successor = withQuotaOf(existing, await this.prepare(stage));
    if (existing !== null) await this.removeInternalFiles(existing, principal);
    const isReplaced = await this.repository.replace(successor, existing, principal);
    // Somebody else has created or replaced it meanwhile: that one is theirs.
    return isReplaced ? { stage: successor, isNew: true } : this.replace(stage, principal);
  }

  private async insert(stage: CatalogStage, request: NewStage, principal: Principal): Promise<CreatedStage> {
    try {
      if (await this.nameExists(stage.name)) throw stageAlreadyExists(stage.name);
      const prepared = await this.prepare(stage);
      await this.repository.insert(prepared, principal);
      return { stage: prepared, isNew: true };
    } catch (error) {
      const exists = error instanceof StageError && error.kind === 'StageAlreadyExists';
      if (!exists || request.ifNotExists !== true) throw error;
      const existing = await this.findVisible(stage.name, principal);
      if (existing === null) throw error; // somebody else's, which is not shown
      return { stage: existing, isNew: false };
    }
  }

  private async newStage(request: NewStage, principal: Principal): Promise<CatalogStage> {
    checkNewStageName(request.name);
    const named = {
      id: randomUUID(),
      name: request.name,
      fileFormat: fileFormatOf(request.fileFormat) ?? DEFAULT_FILE_FORMAT,
      comment: checkComment(request.comment ?? ''),
      creator: displayName(principal),
      createdOn: new Date(),
      ownerRole: principal.currentRole.id,
    };
    if (request.url === undefined) {
      if (request.connection === undefined) return { ...named, kind: 'internal', quota: null };
      throw connectionWithoutUrl();
    }
    const options = request.connection ?? new Map<string, string>();
    const location = await this.connections.parse(request.url, options, 'CREATE STAGE', principal);
    return { ...named, ...externalFields(location) };
  }

  /** Creates the stage's folder. Later uploads never create it, so they fail while its disk is not mounted. */
  private async prepare(stage: CatalogStage): Promise<CatalogStage> {
    if (stage.kind !== 'external') return stage;
    const connection = await this.storage.prepareExternal(stage.decryptConnection());
    return { ...stage, ...externalFields({ connection, ref: stage.connectionRef }) };
  }

  private async alteration(
    stage: CatalogStage,
    change: StageChange,
    principal: Principal,
  ): Promise<StageAlteration> {
    return {
      location: await this.alteredLocation(stage, change, principal),
      fileFormat: change.fileFormat === null ? DEFAULT_FILE_FORMAT : fileFormatOf(change.fileFormat),
      comment: change.comment === undefined ? undefined : checkComment(change.comment ?? ''),
    };
  }

  private async alteredLocation(
    stage: CatalogStage,
    { url, connection: options }: StageChange,
    principal: Principal,
  ): Promise<AlteredLocation | undefined> {
    if (url === undefined && options === undefined) return undefined;
    if (stage.kind !== 'external') {
      throw new StageError(
        'NotExternal',
        `Stage ${stage.name} is not external, LOCATION/URL can only be set for external stages`,
      );
    }
    const { connection, ref } =
      url === undefined
        ? await this.connections.change(stage, options ?? new Map(), principal)
        : await this.connections.parse(url, withoutNulls(options ?? new Map()), 'ALTER STAGE', principal);
    return {
      connection: await this.storage.prepareExternal(connection),
      ref,
      changedVersion: url === undefined ? stage.storedVersion : undefined,
    };
  }

  private async removeInternalFiles(stage: CatalogStage, actor: Principal): Promise<void> {
    if (stage.kind !== 'internal') return;
    const opened = { ...this.storage.open(stage), stage, actor };
    await removeMatching(opened, this.fileMetadata, { prefix: '' });
  }
}

/** @param words `context` precedes Databend's message, `advice` follows it. */
export function unknownStage(
  name: string,
  { context = '', advice = '' }: { readonly context?: string; readonly advice?: string } = {},
): StageError {
  return new StageError('UnknownStage', `${context}Stage '${name}' does not exist.${advice}`);
}

function assertNamedStage(name: string, verb: string): void {
  if (name !== USER_STAGE_NAME) return;
  throw new StageError('UserStageImmutable', `[SQL-BINDER] User stage (~) is not allowed to be ${verb}`);
}

/** The quota belongs to the name: whoever may replace a stage cannot shed it. */
function withQuotaOf(existing: CatalogStage | null, successor: CatalogStage): CatalogStage {
  return successor.kind === 'internal' && existing?.kind === 'internal'
    ? { ...successor, quota: existing.quota }
    : successor;
}

function connectionWithoutUrl(): StageError {
  return new StageError(
    'InvalidOption',
    'A connection needs a url: give both, or neither for an internal stage.',
  );
}

/** Treats `FILE_FORMAT = ()` as absent, as Databend does. */
function fileFormatOf(options: FileFormatOptions | undefined): FileFormat | undefined {
  return options === undefined || options.size === 0 ? undefined : checkFileFormat(fileFormatFrom(options));
}

function isEmpty({ url, connection, fileFormat, comment }: StageChange): boolean {
  const hasFormat = fileFormat === null || (fileFormat !== undefined && fileFormat.size > 0);
  return url === undefined && connection === undefined && !hasFormat && comment === undefined;
}
