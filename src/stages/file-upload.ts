import type { Readable } from 'node:stream';
import { StorageError } from '../storage/contract/storage-error.js';
import type { ObjectStat, PutCondition, PutResult } from '../storage/contract/storage-provider.js';
import { stageFileRow, type StageFileRow } from './stage-file-row.js';
import type { OpenedStage, StageService } from './stage.service.js';

/** What an upload asks of the file that it may replace. */
export type UploadCondition =
  | PutCondition
  /** There is one, whichever. */
  | { readonly kind: 'present' };

/** A file on its way in. */
export interface IncomingFile {
  readonly body: Readable & {
    /** Asks once more, when all bytes are there and before they end: a check that rejects fails the body. */
    checkBeforeEnd(check: () => Promise<void>): void;
  };
  readonly maxBytes: number | undefined;
  readonly contentType: string | undefined;
  readonly signal: AbortSignal;
}

export interface UploadedFile {
  /** Did it replace none? As seen a moment before it appeared: only a condition can know. */
  readonly isNew: boolean;
  readonly etag: string | null;
  readonly row: StageFileRow;
}

/** One file that is written to a stage under a name, by itself, with what its writer is told of it. */
export class FileUpload {
  readonly #stages: StageService;
  readonly #stage: OpenedStage;
  readonly #path: string;
  readonly #condition: UploadCondition | undefined;

  constructor(
    stages: StageService,
    stage: OpenedStage,
    { path, condition }: { readonly path: string; readonly condition?: UploadCondition | undefined },
  ) {
    this.#stages = stages;
    this.#stage = stage;
    this.#path = path;
    this.#condition = condition;
  }

  /** @throws StorageError of kind `PreconditionFailed` where the condition does not hold; nothing has changed then. */
  async receive({ body, ...options }: IncomingFile): Promise<UploadedFile> {
    const condition = this.#condition?.kind === 'present' ? undefined : this.#condition;
    let isNew = condition?.kind === 'absent';
    if (this.#condition?.kind === 'present') await this.#requirePresent();
    body.checkBeforeEnd(async () => {
      await this.#stages.refuseGone(this.#stage);
      if (this.#condition?.kind === 'present') await this.#requirePresent();
      else if (condition === undefined) isNew = await this.#isKnownMissing();
    });
    const target = { directory: '', name: this.#path };
    const result = await this.#stages.putFile(this.#stage, target, body, { ...options, condition });
    return { isNew, etag: result.etag, row: await this.#rowOf(result) };
  }

  /** No store knows this condition: between the look and the end of the put the file can still be removed. */
  async #requirePresent(): Promise<void> {
    if (!(await this.#isMissing())) return;
    throw new StorageError('PreconditionFailed', 'There is no file of that name: nothing was changed.');
  }

  /** Of a store that may be written and not read nobody can tell. */
  async #isKnownMissing(): Promise<boolean> {
    try {
      return await this.#isMissing();
    } catch (error) {
      if (error instanceof StorageError && error.kind === 'PermissionDenied') return false;
      throw error;
    }
  }

  async #isMissing(): Promise<boolean> {
    try {
      await this.#stages.statFile(this.#stage, this.#path, {});
      return false;
    } catch (error) {
      if (error instanceof StorageError && error.kind === 'NotFound') return true;
      throw error;
    }
  }

  /** The file is stored: what goes wrong now is no failure of the upload, and a file that came after it is another one. */
  async #rowOf({ key, size, etag }: PutResult): Promise<StageFileRow> {
    const { capabilities } = this.#stage.storage;
    const made: ObjectStat = { key, size, etag, lastModified: new Date(), md5: null, contentType: null };
    try {
      const found = await this.#stages.statFile(this.#stage, this.#path, {});
      return stageFileRow(found.etag === etag ? found : made, capabilities);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      return stageFileRow(made, capabilities);
    }
  }
}
