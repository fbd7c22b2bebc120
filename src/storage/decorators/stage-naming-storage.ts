import type { Readable } from 'node:stream';
import type { Orphan, RemoveOrphanOptions } from '../contract/orphan.js';
import type { LevelEntry } from '../contract/levels/level-entry.js';
import type { ListedKey } from '../contract/listed-key.js';
import type { ObjectKey } from '../contract/object-key.js';
import type { ObjectSource } from '../contract/object-source.js';
import { isAboutStore, StorageError } from '../contract/storage-error.js';
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
import { UnlistedDirectories } from '../contract/unlisted-directories.js';

/** Adds the stage's name to errors that are about its store, for operators with many stages. */
export class StageNamingStorage implements StorageProvider {
  readonly #inner: StorageProvider;
  readonly #stage: string;

  constructor(inner: StorageProvider, stage: string) {
    this.#inner = inner;
    this.#stage = stage;
  }

  get scheme(): string {
    return this.#inner.scheme;
  }

  get capabilities(): StorageCapabilities {
    return this.#inner.capabilities;
  }

  put(key: ObjectKey, body: Readable, options?: PutOptions): Promise<PutResult> {
    return this.#naming(this.#inner.put(key, body, options));
  }

  source(key: ListedKey): ObjectSource {
    return this.#inner.source(key);
  }

  copy(source: ObjectSource, key: ObjectKey, options?: CopyOptions): Promise<PutResult> {
    return this.#naming(this.#inner.copy(source, key, options));
  }

  move(source: ObjectSource, key: ObjectKey, options?: CopyOptions): Promise<PutResult> {
    return this.#naming(this.#inner.move(source, key, options));
  }

  get(key: ListedKey, options?: GetOptions): Promise<ObjectBody> {
    return this.#naming(this.#inner.get(key, options));
  }

  stat(key: ListedKey, options?: OperationOptions): Promise<ObjectStat> {
    return this.#naming(this.#inner.stat(key, options));
  }

  list(options?: ListOptions): AsyncGenerator<readonly ObjectStat[]> {
    return this.#namingBatches(() => this.#inner.list(options));
  }

  listLevel(options?: LevelOptions): AsyncGenerator<readonly LevelEntry[]> {
    return this.#namingBatches(() => this.#inner.listLevel(options));
  }

  async remove(keys: readonly ListedKey[], options?: RemoveOptions): Promise<RemoveReport> {
    const { removed, failures } = await this.#naming(this.#inner.remove(keys, options));
    return { removed, failures: failures.map(({ key, error }) => ({ key, error: this.#named(error) })) };
  }

  presign(target: PresignTarget, options: PresignOptions): Promise<PresignedRequest> {
    return this.#naming(this.#inner.presign(target, options));
  }

  removeOrphan(orphan: Orphan, options?: RemoveOrphanOptions): Promise<void> {
    return this.#naming(this.#inner.removeOrphan(orphan, options));
  }

  async inspect(): Promise<readonly StoreFinding[]> {
    return (await this.#inner.inspect?.()) ?? [];
  }

  /** Does nothing: all stages share the inner provider, and its opener closes it. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  async #naming<Result>(operation: Promise<Result>): Promise<Result> {
    try {
      return await operation;
    } catch (error) {
      throw this.#failure(error);
    }
  }

  async *#namingBatches<Batch>(list: () => AsyncIterable<Batch>): AsyncGenerator<Batch> {
    try {
      yield* list();
    } catch (error) {
      throw this.#failure(error);
    }
  }

  #failure(error: unknown): unknown {
    return error instanceof StorageError ? this.#named(error) : error;
  }

  #named(error: StorageError): StorageError {
    if (!isAboutStore(error) || error instanceof UnlistedDirectories) return error;
    if (error.context['stage'] !== undefined) return error; // a nested operation has added it
    return new StorageError(error.kind, `Stage ${this.#stage}: ${error.message}`, {
      context: { ...error.context, stage: this.#stage },
      cause: error.cause,
    });
  }
}
