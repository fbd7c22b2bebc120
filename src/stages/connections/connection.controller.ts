import { Controller, Delete, Get, HttpCode, Param, Patch, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { Principal } from '../../access/principal.js';
import { Requires } from '../../access/route-access.js';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import { JsonBody } from '../../http/request/json-body.decorator.js';
import { NoQuery } from '../../http/request/query.decorators.js';
import { ConnectionCatalog } from './connection-catalog.js';
import {
  ALTER_CONNECTION,
  connectionAnswer,
  CREATE_CONNECTION,
  newConnectionFrom,
  type AlterConnectionBody,
  type ConnectionAnswer,
  type ConnectionUseAnswer,
  type CreateConnectionBody,
} from './connection.dto.js';

/** Named connections over REST. */
@Controller('v1/connections')
export class ConnectionController {
  constructor(private readonly catalog: ConnectionCatalog) {}

  @Get()
  @Requires('ShowConnections', 'service')
  @NoQuery()
  async show(@CurrentUser() principal: Principal): Promise<{ connections: ConnectionAnswer[] }> {
    return { connections: (await this.catalog.show(principal)).map(connectionAnswer) };
  }

  @Post()
  @Requires('CreateConnection', 'service')
  @NoQuery()
  async create(
    @JsonBody(CREATE_CONNECTION) body: CreateConnectionBody,
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ConnectionAnswer> {
    const { connection, isNew } = await this.catalog.create(newConnectionFrom(body), principal);
    response.status(isNew ? 201 : 200);
    return connectionAnswer(connection);
  }

  @Get(':name')
  @Requires('Access', 'connection')
  @NoQuery()
  async describe(
    @Param('name') name: string,
    @CurrentUser() principal: Principal,
  ): Promise<ConnectionAnswer> {
    return connectionAnswer(await this.catalog.describe(name, principal));
  }

  @Patch(':name')
  @Requires('Alter', 'connection')
  @NoQuery()
  async alter(
    @Param('name') name: string,
    @JsonBody(ALTER_CONNECTION) { options }: AlterConnectionBody,
    @CurrentUser() principal: Principal,
  ): Promise<ConnectionAnswer> {
    return connectionAnswer(await this.catalog.alter(name, options, principal));
  }

  @Delete(':name')
  @Requires('Drop', 'connection')
  @HttpCode(204)
  @NoQuery()
  async drop(@Param('name') name: string, @CurrentUser() principal: Principal): Promise<void> {
    await this.catalog.drop(name, principal);
  }

  @Get(':name/stages')
  @Requires('Access', 'connection')
  @NoQuery()
  async use(@Param('name') name: string, @CurrentUser() principal: Principal): Promise<ConnectionUseAnswer> {
    const { stages, hasOthers } = await this.catalog.use(name, principal);
    return { stages, has_others: hasOthers };
  }
}
