import type { Readable } from 'node:stream';
import type { Orphan, RemoveOrphanOptions } from '../contract/orphan.js';
import { entryName, isCommonPrefix, type LevelEntry } from '../contract/levels/level-entry.js';
import { type ListedKey, listedKey } from '../contract/listed-key.js';
import { MAX_KEY_BYTES, type ObjectKey } from '../contract/object-key.js';
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
import { UnlistedDirectories } from '../contract/unlisted-directories.js';

/** A root inside another provider's root: keys are relative to `prefix`, and cannot name an object outside it. */
export class PrefixedStorage implements StorageProvider {
  readonly #inner: StorageProvider;
  readonly #prefix: string;

  /** @param prefix a key prefix that ends with a slash. */
  constructor(inner: StorageProvider, prefix: string) {
    this.#inner = inner;
    this.#prefix = prefix;
  }

  get scheme(): string {
    return this.#inner.scheme;
  }

  get capabilities(): StorageCapabilities {
    return this.#inner.capabilities;
  }

  async put(key: ObjectKey, body: Readable, options?: PutOptions): Promise<PutResult> {
    try {
      return { ...(await this.#inner.put(this.#uploaded(key), body, options)), key };
    } finally {
      body.destroy(); // also if the key was refused before the inner provider got the body
    }
  }

  source(key: ListedKey): ObjectSource {
    return this.#inner.source(this.#outer(key));
  }

  async copy(source: ObjectSource, key: ObjectKey, options?: CopyOptions): Promise<PutResult> {
    return { ...(await this.#inner.copy(source, this.#uploaded(key), options)), key };
  }

  async move(source: ObjectSource, key: ObjectKey, options?: CopyOptions): Promise<PutResult> {
    return { ...(await this.#inner.move(source, this.#uploaded(key), options)), key };
  }

  async get(key: ListedKey, options?: GetOptions): Promise<ObjectBody> {
    const object = await this.#inner.get(this.#outer(key), options);
    return { ...object, stat: { ...object.stat, key } };
  }

  async stat(key: ListedKey, options?: OperationOptions): Promise<ObjectStat> {
    return { ...(await this.#inner.stat(this.#outer(key), options)), key };
  }

  async *list(options: ListOptions = {}): AsyncGenerator<readonly ObjectStat[]> {
    for await (const batch of this.#listed(options, (outer) => this.#inner.list(outer))) {
      if (this.#beginsWithRoot(batch, options)) {
        yield* this.list({ ...options, startAfter: '' });
        return;
      }
      yield batch.map((stat) => this.#innerStat(stat));
    }
  }

  async *listLevel(options: LevelOptions = {}): AsyncGenerator<readonly LevelEntry[]> {
    for await (const batch of this.#listed(options, (outer) => this.#inner.listLevel(outer))) {
      if (this.#beginsWithRoot(batch, options)) {
        yield* this.listLevel({ ...options, startAfter: '' });
        return;
      }
      yield batch.map((entry) =>
        isCommonPrefix(entry) ? { prefix: entry.prefix.slice(this.#prefix.length) } : this.#innerStat(entry),
      );
    }
  }

  async remove(keys: readonly ListedKey[], options?: RemoveOptions): Promise<RemoveReport> {
    const report = await this.#inner.remove(
      keys.map((key) => this.#outer(key)),
      options,
    );
    const failures = report.failures.map(({ key, error }) => ({ key: this.#toInner(key), error }));
    return { removed: report.removed, failures };
  }

  async presign(target: PresignTarget, options: PresignOptions): Promise<PresignedRequest> {
    const outer =
      target.method === 'GET'
        ? { ...target, key: this.#outer(target.key) }
        : { ...target, key: this.#uploaded(target.key) };
    return this.#inner.presign(outer, options);
  }

  /** Passes the orphan on: its key is already the inner provider's. */
  async removeOrphan(orphan: Orphan, options?: RemoveOrphanOptions): Promise<void> {
    return this.#inner.removeOrphan(orphan, options);
  }

  async inspect(): Promise<readonly StoreFinding[]> {
    return (await this.#inner.inspect?.()) ?? [];
  }

  /** Does nothing: all prefixes share the inner provider, and its opener closes it. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Lists below the root, by the names of the inner provider. */
  async *#listed<Options extends ListOptions, Batch>(
    options: Options,
    list: (outer: Options) => AsyncIterable<Batch>,
  ): AsyncGenerator<Batch> {
    const { startAfter, onUnlisted } = options;
    const outer = {
      ...options,
      prefix: this.#prefix + (options.prefix ?? ''),
      ...(startAfter === undefined ? {} : { startAfter: this.#prefix + startAfter }),
      ...(onUnlisted === undefined
        ? {}
        : {
            onUnlisted: (directories: readonly string[]) => {
              onUnlisted(this.#innerDirectories(directories));
            },
          }),
    };
    try {
      yield* list(outer);
    } catch (error) {
      if (!(error instanceof UnlistedDirectories)) throw error;
      throw new UnlistedDirectories(this.#innerDirectories(error.directories), error);
    }
  }

  /** Does the batch begin with the object of the root's own name? It has no name here, so it is skipped. */
  #beginsWithRoot(batch: readonly LevelEntry[], { markers }: ListOptions): boolean {
    const [first] = batch;
    return markers !== true && first !== undefined && entryName(first).length === this.#prefix.length;
  }

  #uploaded(key: ObjectKey): ObjectKey {
    const outer = this.#prefix + key;
    if (Buffer.byteLength(outer) > MAX_KEY_BYTES) {
      const message = `A path may have at most ${String(MAX_KEY_BYTES)} bytes, the stage's own prefix included.`;
      throw new StorageError('InvalidKey', message, { context: { key: outer } });
    }
    return outer as ObjectKey; // a key with a root's prefix is as strict as before
  }

  #outer(key: ListedKey): ListedKey {
    return listedKey(this.#prefix + key);
  }

  /** Makes directories relative to the root. A directory above the root becomes the root itself. */
  #innerDirectories(outer: readonly string[]): readonly string[] {
    return outer.map((name) => name.slice(this.#prefix.length));
  }

  #innerStat(stat: ObjectStat): ObjectStat {
    return { ...stat, key: this.#toInner(stat.key) };
  }

  #toInner(outer: ListedKey): ListedKey {
    return listedKey(outer.slice(this.#prefix.length));
  }
}
