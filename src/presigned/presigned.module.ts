import { Module } from '@nestjs/common';
import { StagesModule } from '../stages/stages.module.js';
import { UploadModule } from '../upload/upload.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { PresignedController } from './presigned.controller.js';
import { PresignedUrls } from './presigned-urls.js';
import { UrlSigningKey } from './url-signing-key.repository.js';
import { StagePresignController } from './stage-presign.controller.js';

/** Presigned requests for single files, for every kind of storage. */
@Module({
  imports: [AuthModule, StagesModule, UploadModule],
  controllers: [PresignedController, StagePresignController],
  providers: [PresignedUrls, UrlSigningKey],
  exports: [PresignedUrls],
})
export class PresignedModule {}
