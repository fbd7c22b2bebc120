import type { Readable } from 'node:stream';
import type { Orphan, RemoveOrphanOptions } from '../contract/orphan.js';
import type { ListedKey } from '../contract/listed-key.js';
import type { ObjectKey } from '../contract/object-key.js';
import { StorageError } from '../contract/storage-error.js';
import type {
  GetOptions,
  ListOptions,
  ObjectBody,
  ObjectStat,
  OperationOptions,
  PresignedRequest,
  PresignOptions,
  PresignTarget,
  PutOptions,
  PutResult,
  RemoveOptions,
  RemoveReport,
  StorageCapabilities,
  StorageProvider,
  StoreFinding,
} from '../contract/storage-provider.js';

/** One finished operation on a store. */
export interface StorageEvent {
  readonly operation: string;
  readonly scheme: string;
  readonly key?: string;
  readonly milliseconds: number;
  /** The kind of the error; absent after a success. */
  readonly failure?: string;
}

export type StorageObserver = (event: StorageEvent) => void;

/** Reports every operation to an observer, and changes nothing. */
export class ObservedStorage implements StorageProvider {
  readonly #inner: StorageProvider;
  readonly #observe: StorageObserver;

  constructor(inner: StorageProvider, observe: StorageObserver) {
    this.#inner = inner;
    this.#observe = observe;
  }

  get scheme(): string {
    return this.#inner.scheme;
  }

  get capabilities(): StorageCapabilities {
    return this.#inner.capabilities;
  }

  put(key: ObjectKey, body: Readable, options?: PutOptions): Promise<PutResult> {
    return this.#observed('put', key, () => this.#inner.put(key, body, options));
  }

  get(key: ListedKey, options?: GetOptions): Promise<ObjectBody> {
    return this.#observed('get', key, () => this.#inner.get(key, options));
  }

  stat(key: ListedKey, options?: OperationOptions): Promise<ObjectStat> {
    return this.#observed('stat', key, () => this.#inner.stat(key, options));
  }

  async *list(options?: ListOptions): AsyncGenerator<readonly ObjectStat[]> {
    const report = this.#started('list', options?.prefix);
    try {
      yield* this.#inner.list(options);
      report();
    } catch (error) {
      report(error);
      throw error;
    }
  }

  remove(keys: readonly ListedKey[], options?: RemoveOptions): Promise<RemoveReport> {
    return this.#observed('remove', keys[0], () => this.#inner.remove(keys, options));
  }

  presign(target: PresignTarget, options: PresignOptions): Promise<PresignedRequest> {
    return this.#observed('presign', target.key, () => this.#inner.presign(target, options));
  }

  removeOrphan(orphan: Orphan, options?: RemoveOrphanOptions): Promise<void> {
    return this.#observed('removeOrphan', orphan.key, () => this.#inner.removeOrphan(orphan, options));
  }

  async inspect(): Promise<readonly StoreFinding[]> {
    return (await this.#inner.inspect?.()) ?? [];
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  async #observed<T>(operation: string, key: string | undefined, run: () => Promise<T>): Promise<T> {
    const report = this.#started(operation, key);
    try {
      const result = await run();
      report();
      return result;
    } catch (error) {
      report(error);
      throw error;
    }
  }

  #started(operation: string, key: string | undefined): (error?: unknown) => void {
    const start = performance.now();
    return (error) => {
      this.#observe({
        operation,
        scheme: this.scheme,
        ...(key === undefined ? {} : { key }),
        milliseconds: performance.now() - start,
        ...(error === undefined
          ? {}
          : { failure: error instanceof StorageError ? error.kind : 'Unexpected' }),
      });
    };
  }
}
