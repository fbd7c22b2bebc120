import { Module } from '@nestjs/common';
import { FileMetadataRepository } from './file-metadata.repository.js';

@Module({ providers: [FileMetadataRepository], exports: [FileMetadataRepository] })
export class FileMetadataModule {}
