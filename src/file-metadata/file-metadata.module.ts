import { Module } from '@nestjs/common';
import { FileMetadataRepository } from './file-metadata.repository.js';
import { KnownTotals } from './known-totals.repository.js';

@Module({
  providers: [FileMetadataRepository, KnownTotals],
  exports: [FileMetadataRepository, KnownTotals],
})
export class FileMetadataModule {}
