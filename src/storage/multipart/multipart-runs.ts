import type { ObjectKey } from '../contract/object-key.js';
import { CommitRejected } from '../contract/commit-rejected.js';
import { StorageError } from '../contract/storage-error.js';
import type { PutContent, PutOptions } from '../contract/storage-provider.js';
import { CountedKeys } from './counted-keys.js';
import { MultipartUpload } from './multipart-upload.js';
import type { ObjectTarget } from './object-target.js';
import { PartQueue } from './part-queue.js';
import { UploadCleanup } from './upload-cleanup.js';

/** An object that is made of parts. */
export interface MultipartJob {
  readonly key: ObjectKey;
  readonly target: ObjectTarget;
  readonly options: Pick<PutOptions, 'cleanupLog' | 'signal'>;
  /** Aborts when the caller's signal fires, or when a part fails. */
  readonly stop: AbortController;
}

/** The steps between the beginning of a multipart upload and its end. */
export interface MultipartSteps {
  /** Writes all parts. */
  readonly writeParts: (upload: MultipartUpload, queue: PartQueue) => Promise<void>;
  /** Lets the target and the caller reject the object. */
  readonly confirm: () => Promise<PutContent>;
}

/** Runs multipart uploads: begins each, and completes it or removes it with all its parts. */
export class MultipartRuns {
  /** Counts the running multipart uploads of each key. */
  readonly #uploads = new CountedKeys();

  async run(job: MultipartJob, steps: MultipartSteps): Promise<PutContent & { readonly etag: string }> {
    const { key, target, options } = job;
    this.#uploads.add(key);
    try {
      const cleanup = new UploadCleanup(target, key, {
        cleanupLog: options.cleanupLog,
        isOnlyUpload: () => this.#uploads.count(key) === 1,
      });
      const upload = await MultipartUpload.create(target, cleanup);
      return await writeAndComplete(job, upload, steps);
    } finally {
      this.#uploads.drop(key);
    }
  }
}

async function writeAndComplete(
  { target, options, stop }: MultipartJob,
  upload: MultipartUpload,
  steps: MultipartSteps,
): Promise<PutContent & { readonly etag: string }> {
  const queue = new PartQueue(() => {
    stop.abort();
  });
  try {
    stop.signal.throwIfAborted();
    await steps.writeParts(upload, queue);
    await queue.settle();
    queue.throwIfFailed();
    stop.signal.throwIfAborted();
    const content = await steps.confirm();
    return { ...content, etag: await upload.complete() };
  } catch (error) {
    // Read it before the abort, which makes the other part requests fail too.
    const cause = queue.failure ?? error;
    stop.abort();
    await queue.settle();
    const failure = cause instanceof CommitRejected ? cause : target.failure(cause, options.signal);
    await upload.remove().catch((cleanupError: unknown) => {
      throw failure instanceof CommitRejected
        ? failure
        : withFailedCleanup(failure, target.failure(cleanupError));
    });
    throw failure;
  }
}

/** Adds a failed cleanup to the first failure, which decides the kind of the error. */
function withFailedCleanup(error: StorageError, cleanup: StorageError): StorageError {
  return new StorageError(error.kind, error.message, {
    context: { ...error.context, cleanup: `parts may be left: ${cleanup.message}` },
    cause: new AggregateError([error.cause ?? error, cleanup], 'put failed, and so did its cleaning up'),
  });
}
