import { Module } from '@nestjs/common';
import { JournalModule } from '../journal/journal.module.js';
import { QuotasModule } from '../quotas/quotas.module.js';
import { StagesModule } from '../stages/stages.module.js';
import { FileCopies } from './copies/file-copies.js';
import { FileCopyController } from './copies/file-copy.controller.js';
import { FormRoom } from './form/form-room.js';
import { MultipartReceiver } from './form/multipart-receiver.js';
import { RawBodyReceiver } from './raw/raw-body-receiver.js';
import { RawUploadController } from './raw/raw-upload.controller.js';
import { RawUploads } from './raw/raw-uploads.js';
import { FileStores } from './files/file-stores.js';
import { UploadAdmission } from './admission/upload-admission.js';
import { UploadReporter } from './upload-reporter.js';
import { UploadRunner } from './upload-runner.js';
import { UploadStatusController } from './upload-status.controller.js';
import { UploadController } from './upload.controller.js';

@Module({
  imports: [JournalModule, StagesModule, QuotasModule],
  controllers: [UploadController, RawUploadController, FileCopyController, UploadStatusController],
  providers: [
    FormRoom,
    MultipartReceiver,
    RawBodyReceiver,
    RawUploads,
    FileStores,
    FileCopies,
    UploadAdmission,
    UploadReporter,
    UploadRunner,
  ],
  exports: [RawUploads, UploadAdmission],
})
export class UploadModule {}
