import { inCurrentWork } from '../../common/telemetry/traced-work.js';
import { FileUpload, type IncomingFile, type UploadedFile, type FileUploadTarget } from './file-upload.js';
import type { StageFileRow } from '../../stages/files/stage-file-row.js';
import type { DiskFloor } from '../../quotas/disk-floor.js';
import type { QuotaSpace } from '../../quotas/quota-space.js';
import type { OpenedStage, StageService } from '../../stages/files/stage.service.js';

/** Target of a file, as its request declares it. */
export type FileTarget = Pick<FileUploadTarget, 'key' | 'name' | 'condition' | 'overwrite' | 'reportsNew'>;

/** Receives the files of an upload, one after the other. */
export interface FileConsumer {
  consume(file: IncomingFile, target: FileTarget): Promise<void>;
  /** Resolves when all that was stored so far is recorded. */
  recorded(): Promise<void>;
}

/** A file that is stored in a stage. */
export interface StoredFile {
  readonly uploaded: UploadedFile;
  /** Returns its row in a listing. */
  row(): Promise<StageFileRow>;
}

interface StoringOptions extends Pick<FileUploadTarget, 'uploader' | 'checksums' | 'record'> {
  readonly quotas: QuotaSpace;
  readonly floor: DiskFloor;
}

/** Stores the files of an upload. */
export class FileStore implements FileConsumer {
  readonly #stages: StageService;
  readonly #stage: OpenedStage;
  readonly #options: StoringOptions;
  readonly #stored: StoredFile[] = [];
  readonly #inCurrentWork = inCurrentWork();

  constructor(stages: StageService, stage: OpenedStage, options: StoringOptions) {
    this.#stages = stages;
    this.#stage = stage;
    this.#options = options;
  }

  get stored(): readonly StoredFile[] {
    return this.#stored;
  }

  async consume(file: IncomingFile, target: FileTarget): Promise<void> {
    const { quotas, floor, ...options } = this.#options;
    if (file.isRename !== true) await floor.assertFree(this.#stage, file.exactBytes);
    const space = quotas.of(this.#stage, target.key);
    const upload = new FileUpload(this.#stages, this.#stage, { ...target, ...options, space });
    const uploaded = await this.#inCurrentWork(() => upload.receive(file));
    this.#stored.push({ uploaded, row: () => upload.rowOf(uploaded) });
  }

  recorded(): Promise<void> {
    return this.#options.record.written();
  }
}
