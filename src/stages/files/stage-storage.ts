import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import { FileMetadataRepository } from '../../file-metadata/file-metadata.repository.js';
import type { StorageConnection } from '../../storage/contract/storage-provider-factory.js';
import type { StorageProvider } from '../../storage/contract/storage-provider.js';
import type { StorageLocation } from '../../storage/storage-location.js';
import { StorageRegistry } from '../../storage/storage-registry.js';
import type { AuditActor } from '../../audit/events/audit-event.js';
import type { Stage } from '../catalog/stage.js';

/** Opened location of a stage's files. */
export interface StageRoot {
  readonly location: StorageLocation;
  readonly storage: StorageProvider;
}

/** An opened stage, and who does something with its files: the audit tells of both. */
export interface ActedOnStage extends StageRoot {
  readonly stage: Stage;
  readonly actor: AuditActor;
}

/** Locates a stage's files. Keys in the internal storage are Databend's, so that both can share a bucket. */
@Injectable()
export class StageStorage implements OnModuleInit {
  #internal: StorageConnection;

  /** @throws StorageError of kind `InvalidConfig` for an invalid configuration of the internal storage. */
  constructor(
    private readonly registry: StorageRegistry,
    private readonly fileMetadata: FileMetadataRepository,
    @Inject(APP_CONFIG) config: AppConfig,
  ) {
    const { url, options } = config.internalStorage;
    this.#internal = registry.parseConnection(url, options, 'operator');
  }

  /**
   * Creates the folder of the internal storage, unless files in it are on record. In that case its disk is not mounted,
   * and a new folder would hide that.
   */
  async onModuleInit(): Promise<void> {
    await this.#renameStoreOfEarlierVersions();
    const { store, prefix } = this.internal();
    const hasFiles = await this.fileMetadata.hasBelow(store, `${prefix}stage`);
    this.#internal = await this.registry.prepare(this.#internal, { isPrivate: true, hasFiles });
  }

  /** Prepares the location of a new external stage. @returns the connection to store. */
  prepareExternal(connection: StorageConnection): Promise<StorageConnection> {
    return this.registry.prepare(connection, { isPrivate: false, hasFiles: false });
  }

  /** Location of the whole internal storage. */
  internal(subPrefix = ''): StorageLocation {
    return { ...this.registry.locate(this.#internal, subPrefix), store: internalStore(this.#internal) };
  }

  /** Opens the stage's root: no key leads to another stage. Makes no network request. */
  open(stage: Stage): StageRoot {
    const location = this.#locate(stage);
    return { location, storage: this.registry.open(location, stage.name) };
  }

  /** Opens a root in the internal storage. @param prefix of its keys in the store. */
  openAt(prefix: string): StageRoot {
    const location = { ...this.internal(), prefix };
    return { location, storage: this.registry.open(location) };
  }

  /** Renames records of earlier versions, which named the internal storage by its location. */
  async #renameStoreOfEarlierVersions(): Promise<void> {
    const { store, prefix } = this.registry.locate(this.#internal, 'stage/');
    await this.fileMetadata.moveStore(store, this.internal().store, prefix);
  }

  #locate(stage: Stage): StorageLocation {
    switch (stage.kind) {
      case 'user':
        return this.internal(`stage/user/${stage.userId}/`);
      case 'internal':
        return this.internal(`stage/internal/${stage.name}/`);
      case 'external':
        return this.registry.locate(stage.decryptConnection());
    }
  }
}

/**
 * Name of the internal storage in file metadata. Independent of the location: a folder can be moved, and a bucket
 * copied.
 */
function internalStore({ scheme }: StorageConnection): string {
  return `${scheme}:internal`;
}
