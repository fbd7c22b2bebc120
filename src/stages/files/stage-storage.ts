import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import { FileMetadataRepository } from '../../file-metadata/file-metadata.repository.js';
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
export class StageStorage implements OnModuleInit {
  #internal: StorageConnection;

  /** @throws StorageError of kind `InvalidConfig` where the internal storage is not set up right. */
  constructor(
    private readonly registry: StorageRegistry,
    private readonly fileMetadata: FileMetadataRepository,
    @Inject(APP_CONFIG) config: AppConfig,
  ) {
    const { url, options } = config.internalStorage;
    this.#internal = registry.parseConnection(url, options, 'operator');
  }

  /**
   * A folder of internal storage is made at the start, unless files of it are known: then its disk is not mounted, and to make
   * it anew would hide that.
   */
  async onModuleInit(): Promise<void> {
    await this.#renameStore();
    const { store, prefix } = this.internal();
    const hasFiles = this.fileMetadata.hasBelow(store, `${prefix}stage`);
    this.#internal = await this.registry.prepare(this.#internal, { isPrivate: true, hasFiles });
  }

  /** Makes the place of a new external stage ready. @returns the connection as it is to be kept. */
  prepareExternal(connection: StorageConnection): Promise<StorageConnection> {
    return this.registry.prepare(connection, { isPrivate: false, hasFiles: false });
  }

  /** All of the internal storage. */
  internal(subPrefix = ''): StorageLocation {
    return { ...this.registry.locate(this.#internal, subPrefix), store: internalStore(this.#internal) };
  }

  /** The stage's own root: no key of it leads to another stage. No network is touched. */
  open(stage: Stage): StageRoot {
    const location = this.#locate(stage);
    return { location, storage: this.registry.open(location, stage.name) };
  }

  /** Earlier versions named the internal storage by where it lies. */
  async #renameStore(): Promise<void> {
    const { store, prefix } = this.registry.locate(this.#internal, 'stage/');
    await this.fileMetadata.moveStore(store, this.internal().store, prefix);
  }

  #locate(stage: Stage): StorageLocation {
    switch (stage.kind) {
      case 'user':
        return this.internal(`stage/user/${stage.owner}/`);
      case 'internal':
        return this.internal(`stage/internal/${stage.name}/`);
      case 'external':
        return this.registry.locate(stage.decryptConnection());
    }
  }
}

/** The name under which its files are known. It says nothing of where they lie: a folder can be moved, and a bucket copied. */
function internalStore({ scheme }: StorageConnection): string {
  return `${scheme}:internal`;
}
