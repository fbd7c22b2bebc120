import { Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { Requires } from '../../access/route-access.js';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import { NoQuery } from '../../http/request/query.decorators.js';
import type { GranteeKind } from '../../users/roles/role-graph.js';
import { GrantCatalog } from '../grants/grant-catalog.js';
import { GrantListing } from '../grants/grant-listing.js';
import type { NamedGrantee } from '../grants/grant-source.js';
import { byKindAndName } from '../people.js';
import { GranteeKindParam } from '../grantee-kind.decorator.js';

/** Grants of a role to users and other roles, over REST. */
@Controller('v1/roles/:name/members')
export class RoleMembersController {
  constructor(
    private readonly listing: GrantListing,
    private readonly grants: GrantCatalog,
  ) {}

  @Get()
  @Requires('Show', 'role')
  @NoQuery()
  async list(
    @Param('name') name: string,
    @CurrentUser() principal: Principal,
  ): Promise<{ members: readonly NamedGrantee[] }> {
    const members = await this.listing.membersOf(name, principal);
    return { members: members.toSorted(byKindAndName) };
  }

  @Put(':kind/:member')
  @Requires('Grant', 'role')
  @HttpCode(204)
  @NoQuery()
  async add(
    @Param() { name, member }: Readonly<Record<'name' | 'member', string>>,
    @GranteeKindParam() kind: GranteeKind,
    @CurrentUser() principal: Principal,
  ): Promise<void> {
    await this.grants.grantRole(name, { kind, name: member }, principal);
  }

  @Delete(':kind/:member')
  @Requires('Grant', 'role')
  @HttpCode(204)
  @NoQuery()
  async remove(
    @Param() { name, member }: Readonly<Record<'name' | 'member', string>>,
    @GranteeKindParam() kind: GranteeKind,
    @CurrentUser() principal: Principal,
  ): Promise<void> {
    await this.grants.revokeRole(name, { kind, name: member }, principal);
  }
}
