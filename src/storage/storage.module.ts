import { Module } from '@nestjs/common';
import { STORAGE_FACTORIES } from './contract/storage-provider-factory.js';
import { FsStorageFactory } from './providers/fs/fs-storage.factory.js';
import { S3StorageFactory } from './providers/s3/s3-storage.factory.js';
import { StorageRegistry } from './storage-registry.js';

/** Which kinds of storage there are. A new one is added here, and nowhere else. */
@Module({
  providers: [
    { provide: STORAGE_FACTORIES, useFactory: () => [new FsStorageFactory(), new S3StorageFactory()] },
    StorageRegistry,
  ],
  exports: [StorageRegistry],
})
export class StorageModule {}
