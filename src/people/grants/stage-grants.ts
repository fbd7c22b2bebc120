import { Injectable } from '@nestjs/common';
import { requirePrivilege } from '../../access/access.js';
import type { Principal } from '../../access/principal.js';
import type { Objects } from '../../access/privileges.js';
import { GrantRepository, type Grant, type Grantee } from '../../users/grants/grant.repository.js';
import { byKindAndName, People } from '../people.js';
import { assertGrantable, GrantCatalog } from './grant-catalog.js';
import { GrantObjects } from './grant-objects.js';
import type { NamedGrantee } from './grant-source.js';

type StagePrivilege = 'Read' | 'Write';

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

const PRIVILEGES: readonly StagePrivilege[] = ['Read', 'Write'];

/** The grants on one stage, which REST shows and sets as a whole. */
@Injectable()
export class StageGrants {
  constructor(
    private readonly people: People,
    private readonly grants: GrantRepository,
    private readonly objects: GrantObjects,
    private readonly catalog: GrantCatalog,
  ) {}

  async list(stageName: string, principal: Principal): Promise<StageGrantList> {
    const { id, ownerRole = '' } = await this.#find(stageName, 'Grant', principal);
    const granted = await this.grants.onObject({ kind: 'stage', id });
    const given = await Promise.all(granteesOf(granted).map((grantee) => this.#givenTo(grantee, granted)));
    const graph = await this.people.roles.graph();
    const grants = given.filter((each) => each !== undefined).sort(byGrantee);
    return { owner: graph.get(ownerRole)?.name ?? '', grants };
  }

  /** Gives exactly these privileges, in one change: others are taken. */
  async set(
    stageName: string,
    privileges: readonly StagePrivilege[],
    to: NamedGrantee,
    principal: Principal,
  ): Promise<void> {
    if (privileges.length > 0) assertGrantable({ on: 'stage', name: stageName, privileges }, to);
    const { id } = await this.#find(stageName, 'Grant', principal);
    await this.people.change(async (now) => {
      const { touch, ...grantee } = await this.catalog.granteeOf(to, now);
      const statements = PRIVILEGES.map((privilege) => {
        const grant: Grant = { object: { kind: 'stage', id }, privilege, grantee };
        return privileges.includes(privilege) ? this.grants.addition(grant) : this.grants.revocation(grant);
      });
      return { statements: [...statements, touch], result: undefined };
    });
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

  /** @returns undefined for a user or role that was dropped meanwhile. */
  async #givenTo(grantee: Grantee, granted: readonly Grant[]): Promise<GivenOnStage | undefined> {
    const name = await this.people.nameOf(grantee);
    if (name === undefined) return undefined;
    const words = granted.filter((grant) => isSame(grant.grantee, grantee)).map(({ privilege }) => privilege);
    const privileges = PRIVILEGES.filter((privilege) => words.includes(privilege));
    return { grantee: { kind: grantee.kind, name }, privileges };
  }
}

/** Each once. */
function granteesOf(granted: readonly Grant[]): readonly Grantee[] {
  return [...new Map(granted.map(({ grantee }) => [`${grantee.kind} ${grantee.id}`, grantee])).values()];
}

function isSame(a: Grantee, b: Grantee): boolean {
  return a.kind === b.kind && a.id === b.id;
}

function byGrantee({ grantee: a }: GivenOnStage, { grantee: b }: GivenOnStage): number {
  return byKindAndName(a, b);
}
