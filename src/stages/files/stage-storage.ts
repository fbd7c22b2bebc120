import { Inject, Injectable } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import type { StorageConnection } from '../../storage/contract/storage-provider-factory.js';
import type { StorageProvider } from '../../storage/contract/storage-provider.js';
import type { StorageLocation } from '../../storage/storage-location.js';
import { StorageRegistry } from '../../storage/storage-registry.js';
import type { Stage } from '../catalog/stage.js';

/** Where a stage's files lie, opened. */
export interface StageRoot {
  readonly location: StorageLocation;
  readonly storage: StorageProvider;
}

/** Where a stage's files lie. Keys in the internal storage are Databend's, so that both can share a bucket. */
@Injectable()
export class StageStorage {
  readonly #internal: StorageConnection;

  /** @throws StorageError of kind `InvalidConfig` where the internal storage is not set up right. */
  constructor(
    private readonly registry: StorageRegistry,
    @Inject(APP_CONFIG) config: AppConfig,
  ) {
    this.#internal = registry.parseConnection(config.internalStorage.url, config.internalStorage.options);
  }

  /** The stage's own root: no key of it leads to another stage. No network is touched. */
  open(stage: Stage): StageRoot {
    const location = this.#locate(stage);
    return { location, storage: this.registry.open(location) };
  }

  #locate(stage: Stage): StorageLocation {
    switch (stage.kind) {
      case 'user':
        return this.registry.locate(this.#internal, `stage/user/${stage.owner}/`);
      case 'internal':
        return this.registry.locate(this.#internal, `stage/internal/${stage.name}/`);
      case 'external':
        return this.registry.locate(stage.openConnection());
    }
  }
}
