import type { CounterFamily, HistogramFamily, Observations } from '../metrics/families.js';
import { SECONDS, type Metrics } from '../metrics/metrics.js';
import { STORAGE_ERROR_KINDS } from './contract/storage-error.js';
import { STORAGE_OPERATIONS, type StorageEvent } from './decorators/observed-storage.js';

type SecondsByOperation = ReadonlyMap<string, Observations>;

/** Times operations on stores, and counts those that fail. */
export class StoreMetrics {
  readonly #seconds: HistogramFamily;
  readonly #errors: CounterFamily;
  /** By scheme. */
  readonly #resolved: ReadonlyMap<string, SecondsByOperation>;

  /** @param schemes of all stores that the service knows. */
  constructor(metrics: Metrics, schemes: readonly string[]) {
    const labels = { scheme: schemes, operation: STORAGE_OPERATIONS };
    this.#seconds = metrics.histograms(
      'stagedoor_store_operation_duration_seconds',
      'Time of operations on stores, failed ones included; a get ends when its body can be read',
      { labels, buckets: SECONDS },
    );
    const help = 'Operations on stores that have failed, by the kind of the error';
    const kinds = { ...labels, kind: STORAGE_ERROR_KINDS };
    this.#errors = metrics.counters('stagedoor_store_errors_total', help, kinds);
    this.#resolved = new Map(schemes.map((scheme) => [scheme, this.#secondsOf(scheme)]));
  }

  observe({ scheme, operation, milliseconds, failure }: StorageEvent): void {
    this.#resolved
      .get(scheme)
      ?.get(operation)
      ?.observe(milliseconds / 1000);
    if (failure !== undefined) this.#errors.child(scheme, operation, failure).inc();
  }

  #secondsOf(scheme: string): SecondsByOperation {
    return new Map(STORAGE_OPERATIONS.map((each) => [each, this.#seconds.child(scheme, each)]));
  }
}
