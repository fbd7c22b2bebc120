import type { Readable } from 'node:stream';
import { AppError } from '../../common/app-error.js';
import { traced } from '../../common/telemetry/traced-work.js';
import type { Orphan, RemoveOrphanOptions } from '../contract/orphan.js';
import type { LevelEntry } from '../contract/levels/level-entry.js';
import type { ListedKey } from '../contract/listed-key.js';
import type { ObjectKey } from '../contract/object-key.js';
import type { ObjectSource } from '../contract/object-source.js';
import { StorageError } from '../contract/storage-error.js';
import type {
  CopyOptions,
  GetOptions,
  LevelOptions,
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

/** Names of operations in events. */
export const STORAGE_OPERATIONS = [
  'put',
  'copy',
  'move',
  'get',
  'stat',
  'list',
  'listLevel',
  'remove',
  'presign',
  'removeOrphan',
] as const;
type Operation = (typeof STORAGE_OPERATIONS)[number];

/** One finished operation on a store. */
export interface StorageEvent {
  readonly operation: Operation;
  readonly scheme: string;
  readonly key?: string;
  readonly milliseconds: number;
  /** The kind of the store's error; absent after a success, and where the caller's body or its consent has failed. */
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

  source(key: ListedKey): ObjectSource {
    return this.#inner.source(key);
  }

  copy(source: ObjectSource, key: ObjectKey, options?: CopyOptions): Promise<PutResult> {
    return this.#observed('copy', key, () => this.#inner.copy(source, key, options));
  }

  move(source: ObjectSource, key: ObjectKey, options?: CopyOptions): Promise<PutResult> {
    return this.#observed('move', key, () => this.#inner.move(source, key, options));
  }

  get(key: ListedKey, options?: GetOptions): Promise<ObjectBody> {
    return this.#observed('get', key, () => this.#inner.get(key, options));
  }

  stat(key: ListedKey, options?: OperationOptions): Promise<ObjectStat> {
    return this.#observed('stat', key, () => this.#inner.stat(key, options));
  }

  list(options?: ListOptions): AsyncGenerator<readonly ObjectStat[]> {
    return this.#observedBatches('list', options?.prefix, () => this.#inner.list(options));
  }

  listLevel(options?: LevelOptions): AsyncGenerator<readonly LevelEntry[]> {
    return this.#observedBatches('listLevel', options?.prefix, () => this.#inner.listLevel(options));
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

  async #observed<T>(operation: Operation, key: string | undefined, run: () => Promise<T>): Promise<T> {
    const report = this.#started(operation, key);
    try {
      const attributes = { 'stagedoor.scheme': this.scheme };
      const result = await traced({ name: `store ${operation}`, kind: 'client', attributes }, run);
      report();
      return result;
    } catch (error) {
      report(error);
      throw error;
    }
  }

  async *#observedBatches<Batch>(
    operation: Operation,
    prefix: string | undefined,
    list: () => AsyncIterable<Batch>,
  ): AsyncGenerator<Batch> {
    const report = this.#started(operation, prefix);
    let failure: unknown;
    try {
      yield* list();
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      report(failure); // also where the caller has enough of it
    }
  }

  #started(operation: Operation, key: string | undefined): (error?: unknown) => void {
    const start = performance.now();
    return (error) => {
      this.#observe({
        operation,
        scheme: this.scheme,
        ...(key === undefined ? {} : { key }),
        milliseconds: performance.now() - start,
        ...failureOf(error),
      });
    };
  }
}

function failureOf(error: unknown): Pick<StorageEvent, 'failure'> {
  if (error instanceof StorageError) return { failure: error.kind };
  // What leaves a store is a StorageError; these are of an upload or of the database, and passed on.
  return error === undefined || error instanceof AppError ? {} : { failure: 'Unexpected' };
}
