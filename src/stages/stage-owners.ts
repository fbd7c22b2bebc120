import { Injectable } from '@nestjs/common';
import type { SqlStatement } from '../database/sql.js';
import { ConnectionRepository } from './connections/connection.repository.js';
import { StageRepository } from './catalog/stage.repository.js';

/** Changes which roles own stages and connections. */
@Injectable()
export class StageOwners {
  constructor(
    private readonly stages: StageRepository,
    private readonly connections: ConnectionRepository,
  ) {}

  /** Gives an object to a role. */
  transfer(kind: 'stage' | 'connection', id: string, roleId: string): SqlStatement {
    return kind === 'stage' ? this.stages.ownership(id, roleId) : this.connections.ownership(id, roleId);
  }

  /** Gives all that a role owns to another one. */
  succession(fromRoleId: string, toRoleId: string): readonly SqlStatement[] {
    return [this.stages.succession(fromRoleId, toRoleId), this.connections.succession(fromRoleId, toRoleId)];
  }
}
