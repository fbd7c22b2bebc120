import type { CopiedPart, CreatedUpload, ObjectTarget, UploadPart, WrittenPart } from './object-target.js';
import type { UploadCleanup } from './upload-cleanup.js';

/** One multipart upload, from its creation to `complete` or `remove`, recorded while it can leave parts behind. */
export class MultipartUpload {
  readonly #target: ObjectTarget;
  readonly #cleanup: UploadCleanup;
  readonly #created: CreatedUpload;
  readonly #parts: WrittenPart[] = [];

  private constructor(target: ObjectTarget, cleanup: UploadCleanup, created: CreatedUpload) {
    this.#target = target;
    this.#cleanup = cleanup;
    this.#created = created;
  }

  /** Has no signal: an upload can be removed only by its id, so the id must be waited for. */
  static async create(target: ObjectTarget, cleanup: UploadCleanup): Promise<MultipartUpload> {
    await cleanup.recordCreation();
    let created: CreatedUpload;
    try {
      created = await target.createUpload();
    } catch (error) {
      // A refusal creates nothing. After a broken connection or an internal error of the store, the outcome is unknown.
      if (target.mayHaveCreated(error)) await cleanup.cleanUpLost();
      throw error;
    }
    const upload = new MultipartUpload(target, cleanup, created);
    await upload.#recordUpload();
    return upload;
  }

  /** Sends a part. Settles when nothing reads the part's bytes any more. */
  async sendPart(part: UploadPart, signal: AbortSignal): Promise<void> {
    const { partNumber } = part;
    const etag = await this.#target.writePart(this.#created.uploadId, part, signal);
    this.#parts[partNumber - 1] = { partNumber, etag };
  }

  /** Copies a part from another object of the store. */
  async copyPart(part: CopiedPart, signal: AbortSignal): Promise<void> {
    const { partNumber } = part;
    const etag = await this.#target.copyPart(this.#created.uploadId, part, signal);
    this.#parts[partNumber - 1] = { partNumber, etag };
  }

  /** Makes the object of the parts. @returns its ETag. */
  async complete(): Promise<string> {
    const { uploadId, mayHaveDuplicate } = this.#created;
    const etag = await this.#target.completeUpload(uploadId, this.#parts);
    // The object exists: a record that cannot be stored is no failure of the put.
    if (mayHaveDuplicate) await this.#cleanup.cleanUpLost(uploadId).catch(() => undefined);
    return etag;
  }

  /** Aborts the upload. Resolves when the store keeps no part of it. No request of the upload may be in flight. */
  async remove(): Promise<void> {
    const { uploadId, mayHaveDuplicate } = this.#created;
    try {
      await this.#target.abortUpload(uploadId);
    } catch (error) {
      this.#cleanup.retain();
      throw error;
    }
    if (mayHaveDuplicate) await this.#cleanup.cleanUpLost(uploadId);
  }

  async #recordUpload(): Promise<void> {
    try {
      await this.#cleanup.recordUpload(this.#created.uploadId);
    } catch (error) {
      await this.remove();
      throw error;
    }
  }
}
