import type { ObjectKey } from '../../../contract/object-key.js';
import { CommitRejected } from '../../../contract/commit-rejected.js';
import type { PutOptions } from '../../../contract/storage-provider.js';
import type { ObjectTarget, ObjectTargets } from '../../../multipart/object-target.js';
import { S3_MULTIPART_LIMITS } from '../client/s3-limits.js';
import type { S3Store } from '../client/s3-store.js';
import type { S3NestedKeys } from './s3-nested-keys.js';
import { S3ObjectTarget } from './s3-object-target.js';
import { S3PutCondition } from './s3-put-condition.js';

/** The keys of a bucket as targets of puts. */
export class S3ObjectTargets implements ObjectTargets {
  readonly limits = S3_MULTIPART_LIMITS;
  readonly #store: S3Store;
  readonly #nested: S3NestedKeys;

  constructor(store: S3Store, nested: S3NestedKeys) {
    this.#store = store;
    this.#nested = nested;
  }

  async run<Result>(
    key: ObjectKey,
    options: PutOptions,
    stop: AbortSignal,
    put: (target: ObjectTarget) => Promise<Result>,
  ): Promise<Result> {
    const { contentType, hasKnownObjectsBelow, signal } = options;
    const condition = new S3PutCondition(this.#store, key, options.condition);
    try {
      await condition.assertMayHold(stop);
      return await this.#nested.guard(key, { signal: stop, hasKnownObjectsBelow }, (nestedChecks) =>
        put(new S3ObjectTarget(this.#store, { key, contentType, condition, nestedChecks })),
      );
    } catch (error) {
      throw error instanceof CommitRejected ? error : condition.failure(error, signal);
    }
  }
}
