import { Injectable } from '@nestjs/common';
import { requirePrivilege } from '../../access/access.js';
import type { Principal } from '../../access/principal.js';
import { SERVICE, type Objects } from '../../access/privileges.js';
import { StageCatalog } from '../../stages/catalog/stage-catalog.js';
import { ConnectionCatalog } from '../../stages/connections/connection-catalog.js';
import { connectionObject } from '../../stages/connections/connection-object.js';
import { StageError } from '../../stages/stage-error.js';
import { stageObject } from '../../stages/stage-object.js';
import type { Grant } from '../../users/grants/grant.repository.js';
import type { GrantSource } from './grant-source.js';

/** Finds the objects that privileges are granted on, and checks that the principal may grant them. */
@Injectable()
export class GrantObjects {
  constructor(
    private readonly stages: StageCatalog,
    private readonly connections: ConnectionCatalog,
  ) {}

  /** @throws AccessError, or StageError of kind `UnknownStage` or `UnknownConnection`. */
  async resolve(source: GrantSource, principal: Principal): Promise<readonly Omit<Grant, 'grantee'>[]> {
    if (source.on === 'service') {
      requirePrivilege(principal, 'Grant', SERVICE);
      for (const word of source.privileges) requirePrivilege(principal, 'Grant', { kind: 'right', word });
      return source.privileges.map((privilege) => ({ object: { kind: 'service', id: '' }, privilege }));
    }
    const object = await this.find(source, principal);
    requirePrivilege(principal, 'Grant', object);
    const { id } = object;
    if (source.on === 'connection')
      return [{ object: { kind: 'connection', id }, privilege: 'ACCESS CONNECTION' }];
    return source.privileges.map((privilege) => ({ object: { kind: 'stage', id }, privilege }));
  }

  /** @throws StageError of kind `UnknownStage` or `UnknownConnection`, in the words of GRANT. */
  async find(
    { on, name }: { readonly on: 'stage' | 'connection'; readonly name: string },
    principal: Principal,
  ): Promise<Objects['stage'] | Objects['connection']> {
    if (on === 'connection') return connectionObject(await this.connections.resolve(name, principal));
    return this.findStage(name, principal);
  }

  /** @throws StageError of kind `UnknownStage`, in the words of GRANT. */
  async findStage(name: string, principal: Principal): Promise<Objects['stage']> {
    const stage = await this.stages.findVisible(name, principal);
    if (stage === null) throw new StageError('UnknownStage', `stage ${name} not exists`);
    return stageObject(stage);
  }
}
