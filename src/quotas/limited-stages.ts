import { Injectable } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import type { Quota } from '../access/quota.js';
import { changed, type AuditEvent } from '../audit/events/audit-event.js';
import { auditStatement } from '../audit/events/audit-statement.js';
import { SqlDatabase } from '../database/sql-database.js';
import { UserCatalog } from '../people/accounts/user-catalog.js';
import { People } from '../people/people.js';
import { USER_STAGE_NAME, type Stage, type UserStage } from '../stages/catalog/stage.js';
import { StageCatalog } from '../stages/catalog/stage-catalog.js';
import { StageStorage } from '../stages/files/stage-storage.js';
import { StageService } from '../stages/files/stage.service.js';
import { auditedStage } from '../stages/stage-object.js';
import { QuotaError } from './quota-error.js';
import type { LimitedStage } from './stage-quotas.js';

/** Finds users' own stages. */
@Injectable()
export class OwnStages {
  constructor(
    private readonly catalog: UserCatalog,
    private readonly people: People,
    private readonly storage: StageStorage,
  ) {}

  async find(userName: string, principal: Principal): Promise<LimitedStage> {
    const { user } = await this.catalog.describe(userName, principal);
    const stage = { kind: 'user', name: USER_STAGE_NAME, userId: user.id, quota: user.quota } as const;
    return this.of(stage, `~ of ${userName}`, principal);
  }

  /** @param name for messages. */
  of(stage: UserStage, name: string, actor: Principal): LimitedStage {
    const change: LimitedStage['change'] = async (quota, statements) => {
      const limit = this.people.users.quotaChange(stage.userId, quota);
      const event = limitEvent(stage, quota, actor);
      await this.people.change(() => ({ statements: [limit, ...statements], event, result: undefined }));
    };
    return { name, root: this.storage.open(stage), quota: stage.quota, change };
  }
}

/** Finds the stages that may have quotas. */
@Injectable()
export class LimitedStages {
  constructor(
    private readonly database: SqlDatabase,
    private readonly stages: StageService,
    private readonly catalog: StageCatalog,
    private readonly users: OwnStages,
  ) {}

  /**
   * Finds a stage that the caller may read; `~` is the caller's own.
   *
   * @throws StageError, AccessError; QuotaError of kind `NoQuota` for an external stage.
   */
  async find(name: string, principal: Principal): Promise<LimitedStage> {
    const { stage, location, storage } = await this.stages.resolve(name, principal, 'Read');
    if (stage.kind === 'user') return this.users.of(stage, name, principal);
    if (stage.kind === 'external') throw noQuota(name);
    const change: LimitedStage['change'] = async (quota, statements) => {
      const event = auditStatement(limitEvent(stage, quota, principal));
      await this.database.write([this.catalog.quotaChange(stage, quota), ...statements, event]);
    };
    return { name, root: { location, storage }, quota: stage.quota, change };
  }

  /** Finds the own stage of a user whom the caller may see. @throws UserError of kind `UnknownUser`. */
  async findOwn(userName: string, principal: Principal): Promise<LimitedStage> {
    return this.users.find(userName, principal);
  }
}

function limitEvent(stage: Stage, quota: Quota | null, actor: Principal): AuditEvent {
  return changed('stage.limit', actor, { stage: auditedStage(stage), detail: { quota } });
}

function noQuota(name: string): QuotaError {
  return new QuotaError(
    'NoQuota',
    `The stage ${name} is external: its store is not the server's, and has limits of its own. Quotas are for internal stages and users' own.`,
  );
}
