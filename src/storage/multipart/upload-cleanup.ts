import type { Orphan, CleanupLog } from '../contract/orphan.js';
import { recordOrphan } from '../contract/commit-rejected.js';
import type { ObjectTarget } from './object-target.js';

export interface UploadCleanupOptions {
  readonly cleanupLog: CleanupLog | undefined;
  /** Is this the only upload of the key in this process? */
  readonly isOnlyUpload: () => boolean;
}

/**
 * Records the orphan of a multipart upload: its key before the creation, because a lost answer hides the upload's id, and its id
 * as soon as it is known.
 */
export class UploadCleanup {
  readonly #target: ObjectTarget;
  readonly #key: string;
  readonly #options: UploadCleanupOptions;
  readonly #since = new Date();

  constructor(target: ObjectTarget, key: string, options: UploadCleanupOptions) {
    this.#target = target;
    this.#key = key;
    this.#options = options;
  }

  async recordCreation(): Promise<void> {
    await recordOrphan(this.#options, this.#orphan);
  }

  async recordUpload(uploadId: string): Promise<void> {
    await recordOrphan(this.#options, { ...this.#orphan, uploadId });
  }

  /** Keeps the record, because parts of the upload may be left. */
  retain(): void {
    this.#options.cleanupLog?.retain();
  }

  /**
   * Cleans up an upload that may have been created with an unknown id: keeps its record, or aborts it if there is no cleanup log.
   *
   * @param uploadId the id of the known upload, which has ended.
   */
  async cleanUpLost(uploadId?: string): Promise<void> {
    if (this.#options.cleanupLog !== undefined) {
      if (uploadId !== undefined) await recordOrphan(this.#options, this.#orphan);
      this.retain();
    } else if (this.#options.isOnlyUpload()) {
      // Without a record no sweep would find it.
      const kept = uploadId === undefined ? [] : [uploadId];
      await this.#target.abortLostUploads(this.#orphan, kept).catch(() => undefined);
    }
  }

  get #orphan(): Orphan {
    return { key: this.#key, since: this.#since.toISOString() };
  }
}
