import { Module } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { STORAGE_FACTORIES, type StorageProviderFactory } from './contract/storage-provider-factory.js';
import { StorageError } from './contract/storage-error.js';
import { FsStorageFactory } from './providers/fs/fs-storage.factory.js';
import { S3StorageFactory } from './providers/s3/s3-storage.factory.js';
import { StorageRegistry } from './storage-registry.js';

/** Lists the kinds of storage. Add a new one here, and nowhere else. */
function storageFactories(config: FactorySettings): readonly StorageProviderFactory[] {
  const { storageTimeoutSeconds, storageEndpoints, fsStageRoots } = config;
  return [
    new FsStorageFactory({ roots: fsStageRoots }),
    new S3StorageFactory({ timeoutMs: storageTimeoutSeconds * 1000, endpoints: storageEndpoints }),
  ];
}

type FactorySettings = Pick<AppConfig, 'storageTimeoutSeconds' | 'storageEndpoints' | 'fsStageRoots'>;

/** For checking a connection without opening it. */
const ANY_SETTINGS: FactorySettings = { storageTimeoutSeconds: 1, storageEndpoints: [], fsStageRoots: [] };

/** A public bucket is read-only. */
const KEYS_MISSING =
  "the internal storage is written to, which takes keys: 'access_key_id' and 'secret_access_key' are missing.";

@Module({
  providers: [
    { provide: STORAGE_FACTORIES, inject: [APP_CONFIG], useFactory: storageFactories },
    StorageRegistry,
  ],
  exports: [StorageRegistry],
})
export class StorageModule {
  /** Validates a storage URL and its options before the server starts. @returns the problem; undefined if they are right. */
  static connectionProblem(url: string, options: ReadonlyMap<string, string>): string | undefined {
    try {
      const registry = new StorageRegistry(storageFactories(ANY_SETTINGS));
      const connection = registry.parseConnection(url, options, 'operator');
      const { endpoint, hasCredentials } = registry.describe(connection);
      return endpoint === null || hasCredentials ? undefined : KEYS_MISSING;
    } catch (error) {
      if (error instanceof StorageError) return error.message;
      throw error;
    }
  }
}
