import type { Readable } from 'node:stream';
import type { Orphan, RemoveOrphanOptions } from '../contract/orphan.js';
import type { LevelEntry } from '../contract/levels/level-entry.js';
import type { ListedKey } from '../contract/listed-key.js';
import type { ObjectKey } from '../contract/object-key.js';
import { assertCopyable, type ObjectSource } from '../contract/object-source.js';
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

/** Facts about a provider that are known before it is loaded. */
export interface UnloadedProvider {
  readonly scheme: string;
  readonly capabilities: StorageCapabilities;
  readonly load: () => Promise<StorageProvider>;
}

/** Loads a provider at its first operation: a vendor's SDK takes time and memory that not every server needs. */
export class LazyStorage implements StorageProvider {
  readonly #unloaded: UnloadedProvider;
  #loaded: Promise<StorageProvider> | undefined;

  constructor(unloaded: UnloadedProvider) {
    this.#unloaded = unloaded;
  }

  get scheme(): string {
    return this.#unloaded.scheme;
  }

  get capabilities(): StorageCapabilities {
    return this.#unloaded.capabilities;
  }

  async put(key: ObjectKey, body: Readable, options?: PutOptions): Promise<PutResult> {
    // The body may fail while the provider loads. The provider sees the error when it reads the body.
    body.once('error', () => undefined);
    const inner = await this.#inner().catch((error: unknown) => {
      body.destroy();
      throw error;
    });
    return inner.put(key, body, options);
  }

  source(key: ListedKey): ObjectSource {
    return { store: this, key };
  }

  async copy(source: ObjectSource, key: ObjectKey, options?: CopyOptions): Promise<PutResult> {
    assertCopyable(source, this, key);
    const inner = await this.#inner();
    return inner.copy(inner.source(source.key), key, options);
  }

  async move(source: ObjectSource, key: ObjectKey, options?: CopyOptions): Promise<PutResult> {
    assertCopyable(source, this, key);
    const inner = await this.#inner();
    return inner.move(inner.source(source.key), key, options);
  }

  async get(key: ListedKey, options?: GetOptions): Promise<ObjectBody> {
    return (await this.#inner()).get(key, options);
  }

  async stat(key: ListedKey, options?: OperationOptions): Promise<ObjectStat> {
    return (await this.#inner()).stat(key, options);
  }

  async *list(options?: ListOptions): AsyncGenerator<readonly ObjectStat[]> {
    yield* (await this.#inner()).list(options);
  }

  async *listLevel(options?: LevelOptions): AsyncGenerator<readonly LevelEntry[]> {
    yield* (await this.#inner()).listLevel(options);
  }

  async removeOrphan(orphan: Orphan, options?: RemoveOrphanOptions): Promise<void> {
    return (await this.#inner()).removeOrphan(orphan, options);
  }

  async remove(keys: readonly ListedKey[], options?: RemoveOptions): Promise<RemoveReport> {
    return (await this.#inner()).remove(keys, options);
  }

  async presign(target: PresignTarget, options: PresignOptions): Promise<PresignedRequest> {
    return (await this.#inner()).presign(target, options);
  }

  async inspect(): Promise<readonly StoreFinding[]> {
    return (await (await this.#inner()).inspect?.()) ?? [];
  }

  async close(): Promise<void> {
    await (await this.#loaded)?.close();
  }

  #inner(): Promise<StorageProvider> {
    this.#loaded ??= this.#unloaded.load().catch((error: unknown) => {
      this.#loaded = undefined;
      throw notLoaded(this.scheme, error);
    });
    return this.#loaded;
  }
}

/** Thrown if the code was replaced under the running server, or memory is short. */
function notLoaded(scheme: string, cause: unknown): StorageError {
  const message = `The code for ${scheme} could not be loaded: the server's files have changed since it was started. Restart it.`;
  return new StorageError('Unexpected', message, { context: { scheme }, cause });
}
