import { Module } from '@nestjs/common';
import { STORAGE_FACTORIES, type StorageProviderFactory } from './contract/storage-provider-factory.js';
import { StorageError } from './contract/storage-error.js';
import { FsStorageFactory } from './providers/fs/fs-storage.factory.js';
import { S3StorageFactory } from './providers/s3/s3-storage.factory.js';
import { StorageRegistry } from './storage-registry.js';

/** Which kinds of storage there are. A new one is added here, and nowhere else. */
function storageFactories(): readonly StorageProviderFactory[] {
  return [new FsStorageFactory(), new S3StorageFactory()];
}

@Module({
  providers: [{ provide: STORAGE_FACTORIES, useFactory: storageFactories }, StorageRegistry],
  exports: [StorageRegistry],
})
export class StorageModule {
  /** What is wrong with a storage URL and its options, before anything is started; nothing where they are right. */
  static connectionProblem(url: string, options: ReadonlyMap<string, string>): string | undefined {
    try {
      new StorageRegistry(storageFactories()).parseConnection(url, options);
      return undefined;
    } catch (error) {
      if (error instanceof StorageError) return error.message;
      throw error;
    }
  }
}
