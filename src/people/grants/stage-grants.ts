import { Injectable } from '@nestjs/common';
import { requirePrivilege } from '../../access/access.js';
import type { Principal } from '../../access/principal.js';
import type { Objects } from '../../access/privileges.js';
import { byKindAndName } from '../people.js';
import { STAGE_PRIVILEGES, type StagePrivilege } from '../stage-privilege.js';
import { GrantCatalog } from './grant-catalog.js';
import { GrantListing } from './grant-listing.js';
import { GrantObjects } from './grant-objects.js';
import type { NamedGrantee } from './grant-source.js';

/** Privileges of one user or role on a stage. */
export interface GivenOnStage {
  readonly grantee: NamedGrantee;
  readonly privileges: readonly StagePrivilege[];
}

export interface StageGrantList {
  /** The name of the role that owns the stage. */
  readonly owner: string;
  /** Roles first; each kind ordered by name. */
  readonly grants: readonly GivenOnStage[];
}

/** The grants on one stage as REST shows them, and its owner. */
@Injectable()
export class StageGrants {
  constructor(
    private readonly objects: GrantObjects,
    private readonly listing: GrantListing,
    private readonly catalog: GrantCatalog,
  ) {}

  async list(stageName: string, principal: Principal): Promise<StageGrantList> {
    const stage = await this.#find(stageName, 'Grant', principal);
    const { owner = '', grants } = await this.listing.on(stage, principal);
    const given = grants.toSorted(byKindAndName).map(({ kind, name, privileges }) => ({
      grantee: { kind, name },
      privileges: privileges.filter(isStagePrivilege),
    }));
    return { owner, grants: given };
  }

  /** Gives the stage to another role. */
  async give(stageName: string, roleName: string, principal: Principal): Promise<void> {
    await this.#find(stageName, 'Own', principal);
    await this.catalog.grantOwnership({ on: 'stage', name: stageName }, roleName, principal);
  }

  async #find(name: string, privilege: 'Grant' | 'Own', principal: Principal): Promise<Objects['stage']> {
    const stage = await this.objects.findStage(name, principal);
    requirePrivilege(principal, privilege, stage);
    return stage;
  }
}

function isStagePrivilege(word: string): word is StagePrivilege {
  return STAGE_PRIVILEGES.some((privilege) => privilege === word);
}
