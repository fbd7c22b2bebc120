import type { Orphan, CleanupLog } from '../contract/orphan.js';
import { recordOrphan } from '../contract/commit-rejected.js';
import type { ObjectTarget } from './object-target.js';

export interface UploadCleanupOptions {
  readonly cleanupLog: CleanupLog | undefined;
  /** Does nobody else in this process upload to the key? */
  readonly isOnlyUpload: () => boolean;
}

/**
 * What is noted of a multipart upload: its key before it is created, for an answer that is lost takes the upload's id with
 * it, and its id as soon as it is known.
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

  /** Parts of the upload that is noted may be left. */
  retain(): void {
    this.#options.cleanupLog?.retain();
  }

  /**
   * An upload may have been created whose id nobody has learnt.
   *
   * @param uploadId of the one that is known: it is over.
   */
  async cleanUpLost(uploadId?: string): Promise<void> {
    if (this.#options.cleanupLog !== undefined) {
      if (uploadId !== undefined) await recordOrphan(this.#options, this.#orphan);
      this.retain();
    } else if (this.#options.isOnlyUpload()) {
      // Nobody else would ever look for it.
      const kept = uploadId === undefined ? [] : [uploadId];
      await this.#target.abortLostUploads(this.#orphan, kept).catch(() => undefined);
    }
  }

  get #orphan(): Orphan {
    return { key: this.#key, since: this.#since.toISOString() };
  }
}
