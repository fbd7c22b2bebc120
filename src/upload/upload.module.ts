import { Module } from '@nestjs/common';
import { StagesModule } from '../stages/stages.module.js';
import { MultipartReceiver } from './multipart-receiver.js';
import { UploadController } from './upload.controller.js';

@Module({
  imports: [StagesModule],
  controllers: [UploadController],
  providers: [MultipartReceiver],
})
export class UploadModule {}
