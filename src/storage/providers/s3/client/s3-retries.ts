import type { S3Client } from '@aws-sdk/client-s3';
import { StorageError } from '../../../contract/storage-error.js';
import { s3StorageError } from '../s3-storage.errors.js';
import type { S3Timing } from './s3-timing.js';

type AnyStrategy = Awaited<ReturnType<S3Client['config']['retryStrategy']>>;
type RetryStrategy = Extract<AnyStrategy, { acquireInitialRetryToken: unknown }>;
type RetryToken = Awaited<ReturnType<RetryStrategy['acquireInitialRetryToken']>>;

/**
 * Keeps the SDK from retrying permanent failures, such as a host without an address or an untrusted certificate, and requests for
 * which another attempt would exceed the time limit of all attempts.
 */
export function boundRetries(client: S3Client, { retryMs }: Pick<S3Timing, 'retryMs'>): void {
  const standard = client.config.retryStrategy;
  let bounded: Promise<AnyStrategy> | undefined;
  client.config.retryStrategy = () => {
    bounded ??= standard().then((inner) =>
      'acquireInitialRetryToken' in inner ? boundedBy(inner, retryMs) : inner,
    );
    return bounded;
  };
}

function boundedBy(inner: RetryStrategy, retryMs: number): RetryStrategy {
  const startTimes = new WeakMap<RetryToken, number>();
  return {
    async acquireInitialRetryToken(scope) {
      const token = await inner.acquireInitialRetryToken(scope);
      startTimes.set(token, performance.now());
      return token;
    },
    async refreshRetryTokenForRetry(token, errorInfo) {
      const startedAt = startTimes.get(token) ?? performance.now();
      if (performance.now() - startedAt >= retryMs)
        throw new StorageError('Unavailable', 'No time is left for another attempt.');
      if (isFinal(errorInfo.error)) throw new StorageError('Unavailable', 'Another attempt would end alike.');
      const next = await inner.refreshRetryTokenForRetry(token, errorInfo);
      startTimes.set(next, startedAt);
      return next;
    },
    recordSuccess: (token) => {
      inner.recordSuccess(token);
    },
  };
}

function isFinal(error: unknown): boolean {
  return (
    error instanceof StorageError || s3StorageError(error, { operation: 'retry' }).kind === 'InvalidConfig'
  );
}
