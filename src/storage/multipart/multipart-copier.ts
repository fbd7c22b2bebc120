import { CommitRejected, confirmCommit } from '../contract/commit-rejected.js';
import type { ObjectKey } from '../contract/object-key.js';
import type { CopyOptions, ObjectStat, PutContent, PutResult } from '../contract/storage-provider.js';
import { controllerLinkedTo } from '../contract/linked-controller.js';
import { type MultipartJob, MultipartRuns } from './multipart-runs.js';
import type { MultipartUpload } from './multipart-upload.js';
import type { ObjectTargets } from './object-target.js';
import type { PartQueue } from './part-queue.js';
import { BASE_PART_BYTES, copiedPartBytes } from './part-sizing.js';

/** Larger objects are copied in parts: one request for all of it could be silent for longer than a store may be. */
export const SINGLE_COPY_BYTES = 64 * 1024 * 1024;

interface CopyJob extends MultipartJob {
  readonly source: ObjectStat;
  readonly options: CopyOptions;
}

/**
 * Copies objects inside any store with multipart uploads. A copy under a condition takes parts at any size: stores keep the
 * conditions of completions, and few those of copies.
 */
export class MultipartCopier {
  readonly #targets: ObjectTargets;
  readonly #runs: MultipartRuns;

  constructor(targets: ObjectTargets, runs = new MultipartRuns()) {
    this.#targets = targets;
    this.#runs = runs;
  }

  async copy(source: ObjectStat, key: ObjectKey, options: CopyOptions): Promise<PutResult> {
    const { controller: stop, unlink } = controllerLinkedTo(options.signal);
    const contentType = source.contentType ?? undefined;
    try {
      return await this.#targets.run(key, { ...options, contentType }, stop.signal, (target) =>
        this.#copy({ source, key, target, options, stop }),
      );
    } catch (error) {
      throw error instanceof CommitRejected ? error.reason : error;
    } finally {
      unlink();
    }
  }

  async #copy(job: CopyJob): Promise<PutResult> {
    const { source, key, target, options } = job;
    await target.beforeParts();
    if (source.size <= SINGLE_COPY_BYTES && options.condition === undefined) {
      const content = await confirmContent(job);
      return { key, ...content, etag: await target.copyOnce(source) };
    }
    if (source.size === 0) {
      const content = await confirmContent(job);
      return { key, ...content, etag: await target.writeOnce(Buffer.alloc(0), content) };
    }
    const made = await this.#runs.run(job, {
      writeParts: (upload, queue) => this.#copyParts(job, upload, queue),
      confirm: () => confirmContent(job),
    });
    return { key, ...made };
  }

  async #copyParts({ source, stop }: CopyJob, upload: MultipartUpload, queue: PartQueue): Promise<void> {
    const { size } = source;
    const partBytes = copiedPartBytes(size, SINGLE_COPY_BYTES, this.#targets.limits);
    for (let [start, partNumber] = [0, 1]; start < size; start += partBytes, partNumber++) {
      await queue.waitForRoom(BASE_PART_BYTES); // no byte of it is in memory
      const part = { partNumber, source, start, end: Math.min(start + partBytes, size) - 1 };
      queue.add(() => upload.copyPart(part, stop.signal));
    }
  }
}

/** Lets the target and the caller of the copy reject the object. */
async function confirmContent({ source, options, target, stop }: CopyJob): Promise<PutContent> {
  const content = { size: source.size, checksums: {} };
  await target.beforeCommit();
  stop.signal.throwIfAborted();
  await confirmCommit(options, content);
  stop.signal.throwIfAborted();
  return content;
}
