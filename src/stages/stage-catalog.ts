import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { displayName, type Principal } from '../auth/principal.js';
import { ExternalConnections } from './external-connections.js';
import { removeMatching } from './matching-files.js';
import { mayUse, requireAdmin, requirePrivilege } from './stage-access.js';
import {
  DEFAULT_FILE_FORMAT,
  USER_STAGE_NAME,
  type CatalogStage,
  type FileFormat,
  type Stage,
} from './stage.js';
import { StageError } from './stage-error.js';
import { checkNewStageName } from './stage-name.js';
import { StageRepository } from './stage.repository.js';
import { StageStorage } from './stage-storage.js';

export interface NewStage {
  readonly name: string;
  /** Makes the stage external. */
  readonly url?: string | undefined;
  /** Options of the CONNECTION clause. */
  readonly connection?: ReadonlyMap<string, string> | undefined;
  readonly fileFormat?: FileFormat | undefined;
  readonly comment?: string | undefined;
  readonly orReplace?: boolean | undefined;
  readonly ifNotExists?: boolean | undefined;
}

export interface CreatedStage {
  readonly stage: CatalogStage;
  /** False where `ifNotExists` found a stage of that name. */
  readonly isNew: boolean;
}

/** CREATE, SHOW, DESCRIBE and DROP STAGE, for REST and SQL alike. */
@Injectable()
export class StageCatalog {
  constructor(
    private readonly repository: StageRepository,
    private readonly connections: ExternalConnections,
    private readonly storage: StageStorage,
  ) {}

  /** An internal stage that is replaced loses its files, as Databend has it; an external one's stay. */
  async create(request: NewStage, principal: Principal): Promise<CreatedStage> {
    requireAdmin(principal);
    if (request.orReplace === true && request.ifNotExists === true) {
      throw new StageError(
        'InvalidRequest',
        'OR REPLACE and IF NOT EXISTS cannot be used together: choose one.',
      );
    }
    const stage = await this.newStage(request, principal);
    return request.orReplace === true ? this.replace(stage) : this.insert(stage, request);
  }

  /** Ordered by name. @param like an SQL pattern on the name, without regard to case. */
  async show(principal: Principal, like?: string): Promise<CatalogStage[]> {
    return (await this.repository.list(like)).filter((stage) => mayUse(principal, stage));
  }

  async describe(name: string, principal: Principal): Promise<Stage> {
    const stage = await this.resolve(name, principal);
    requirePrivilege(principal, stage, 'Read');
    return stage;
  }

  /** `~` is the caller's own stage. @throws StageError of kind `UnknownStage`. */
  async resolve(name: string, principal: Principal): Promise<Stage> {
    if (name === USER_STAGE_NAME) return { kind: 'user', name, owner: principal.name };
    return this.find(name);
  }

  /** An internal stage's files go with it, an external stage's never. Where they cannot be removed, the stage stays. */
  async drop(name: string, principal: Principal): Promise<void> {
    requireAdmin(principal);
    if (name === USER_STAGE_NAME) {
      throw new StageError('UserStageImmutable', '[SQL-BINDER] User stage (~) is not allowed to be dropped');
    }
    const stage = await this.find(name);
    await this.removeInternalFiles(stage);
    await this.repository.delete(stage.id);
    // An upload that finished between the two looks for its stage only now, or is swept here.
    if (!(await this.isTaken(name))) await this.removeInternalFiles(stage);
  }

  /** Has the stage been dropped or replaced since it was found? */
  async isGone(stage: CatalogStage): Promise<boolean> {
    return !(await this.repository.exists(stage.id));
  }

  async isTaken(name: string): Promise<boolean> {
    return (await this.repository.find(name)) !== null;
  }

  private async find(name: string): Promise<CatalogStage> {
    const stage = await this.repository.find(name);
    if (stage === null) throw unknownStage(name);
    return stage;
  }

  private async replace(stage: CatalogStage): Promise<CreatedStage> {
    const taken = await this.repository.find(stage.name);
    if (taken !== null) await this.removeInternalFiles(taken);
    await this.repository.replace(stage);
    return { stage, isNew: true };
  }

  private async insert(stage: CatalogStage, request: NewStage): Promise<CreatedStage> {
    try {
      await this.repository.insert(stage);
      return { stage, isNew: true };
    } catch (error) {
      const isTaken = error instanceof StageError && error.kind === 'StageAlreadyExists';
      if (!isTaken || request.ifNotExists !== true) throw error;
      return { stage: await this.find(stage.name), isNew: false };
    }
  }

  private async newStage(request: NewStage, principal: Principal): Promise<CatalogStage> {
    checkNewStageName(request.name);
    const named = {
      id: randomUUID(),
      name: request.name,
      fileFormat: request.fileFormat ?? DEFAULT_FILE_FORMAT,
      comment: request.comment ?? '',
      creator: displayName(principal),
      createdOn: new Date(),
    };
    if (request.url === undefined) {
      if (request.connection === undefined) return { ...named, kind: 'internal' };
      throw new StageError(
        'InvalidRequest',
        'A connection needs a url: give both, or neither for an internal stage.',
      );
    }
    const connection = await this.connections.parse(request.url, request.connection ?? new Map());
    return { ...named, kind: 'external', openConnection: () => connection };
  }

  private async removeInternalFiles(stage: CatalogStage): Promise<void> {
    if (stage.kind === 'internal') await removeMatching(this.storage.open(stage), { prefix: '' });
  }
}

export function unknownStage(name: string): StageError {
  return new StageError('UnknownStage', `Stage '${name}' does not exist.`);
}
