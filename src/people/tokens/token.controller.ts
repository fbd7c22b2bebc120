import { Controller, Delete, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { Requires } from '../../access/route-access.js';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import { JsonBody } from '../../http/request/json-body.decorator.js';
import { NoQuery } from '../../http/request/query.decorators.js';
import { TokenCatalog } from './token-catalog.js';
import {
  CREATE_TOKEN,
  issuedTokenView,
  newTokenFrom,
  tokenView,
  type CreateTokenBody,
  type IssuedTokenView,
  type TokenView,
} from './token.dto.js';

/** API tokens over REST: one's own, and for administrators those of others. */
@Controller('v1')
export class TokenController {
  constructor(private readonly catalog: TokenCatalog) {}

  /** The only answer that holds the token. */
  @Post('tokens')
  @Requires('ManageTokens', 'session')
  @Header('cache-control', 'no-store')
  @NoQuery()
  async create(
    @JsonBody(CREATE_TOKEN) body: CreateTokenBody,
    @CurrentUser() principal: Principal,
  ): Promise<IssuedTokenView> {
    return issuedTokenView(await this.catalog.create(newTokenFrom(body), principal));
  }

  @Get('tokens')
  @Requires('ManageTokens', 'session')
  @NoQuery()
  async list(@CurrentUser() principal: Principal): Promise<{ tokens: TokenView[] }> {
    return { tokens: (await this.catalog.list(principal)).map(tokenView) };
  }

  @Delete('tokens/:id')
  @Requires('ManageTokens', 'session')
  @HttpCode(204)
  @NoQuery()
  async revoke(@Param('id') id: string, @CurrentUser() principal: Principal): Promise<void> {
    await this.catalog.revoke(id, principal);
  }

  @Get('users/:name/tokens')
  @Requires('Alter', 'user')
  @NoQuery()
  async listOf(
    @Param('name') name: string,
    @CurrentUser() principal: Principal,
  ): Promise<{ tokens: TokenView[] }> {
    return { tokens: (await this.catalog.listOf(name, principal)).map(tokenView) };
  }

  @Delete('users/:name/tokens/:id')
  @Requires('Alter', 'user')
  @HttpCode(204)
  @NoQuery()
  async revokeOf(
    @Param() { name, id }: Readonly<Record<'name' | 'id', string>>,
    @CurrentUser() principal: Principal,
  ): Promise<void> {
    await this.catalog.revokeOf(name, id, principal);
  }

  @Delete('users/:name/tokens')
  @Requires('Alter', 'user')
  @HttpCode(204)
  @NoQuery()
  async revokeAllOf(@Param('name') name: string, @CurrentUser() principal: Principal): Promise<void> {
    await this.catalog.revokeAllOf(name, principal);
  }
}
