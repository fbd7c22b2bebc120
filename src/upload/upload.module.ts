import { Module } from '@nestjs/common';
import { StagesModule } from '../stages/stages.module.js';
import { MultipartReceiver } from './multipart-receiver.js';
import { RawBodyReceiver } from './raw-body-receiver.js';
import { RawUploadController } from './raw-upload.controller.js';
import { RunningUploads } from './running-uploads.js';
import { UploadController } from './upload.controller.js';

@Module({
  imports: [StagesModule],
  controllers: [UploadController, RawUploadController],
  providers: [MultipartReceiver, RawBodyReceiver, RunningUploads],
  exports: [RawBodyReceiver],
})
export class UploadModule {}
