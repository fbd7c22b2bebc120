import { Injectable } from '@nestjs/common';
import { RoleRepository } from '../../users/roles/role.repository.js';
import { StorageRegistry } from '../../storage/storage-registry.js';
import { stageView, type StageView } from './stage-view.js';
import type { Stage } from './stage.js';

/** Builds stage views for modules without access to storage. */
@Injectable()
export class StageViews {
  constructor(
    private readonly registry: StorageRegistry,
    private readonly roles: RoleRepository,
  ) {}

  async view(stage: Stage): Promise<StageView> {
    return (await this.viewer())(stage);
  }

  /** For many stages: the roles are read once. */
  async viewer(): Promise<(stage: Stage) => StageView> {
    const graph = await this.roles.graph();
    return (stage) => {
      const owner = stage.kind === 'user' ? null : (graph.get(stage.ownerRole)?.name ?? null);
      return stageView(stage, (connection) => this.registry.describe(connection), owner);
    };
  }
}
