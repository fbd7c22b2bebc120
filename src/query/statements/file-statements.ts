import { Injectable } from '@nestjs/common';
import { PresignedUrls } from '../../presigned/presigned-urls.js';
import { StageService } from '../../stages/files/stage.service.js';
import { OpenScans } from '../rows/open-scans.js';
import { presign } from './presign.js';
import { removeFiles } from './remove-files.js';
import { selectFiles } from './select-files.js';
import type { HandlersOf } from './statement-handler.js';

/** Handlers of statements about the files of a stage. */
@Injectable()
export class FileStatements {
  readonly handlers: HandlersOf<'select-files' | 'remove' | 'presign'>;

  constructor(stages: StageService, urls: PresignedUrls, scans: OpenScans) {
    this.handlers = {
      'select-files': selectFiles(stages, scans),
      remove: removeFiles(stages),
      presign: presign(stages, urls),
    };
  }
}
