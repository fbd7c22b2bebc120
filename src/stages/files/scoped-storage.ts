import type { Readable } from 'node:stream';
import { AccessError } from '../../access/access-error.js';
import { compareKeys } from '../../storage/contract/key-bytes.js';
import type { LevelEntry } from '../../storage/contract/levels/level-entry.js';
import type { ListedKey } from '../../storage/contract/listed-key.js';
import type { ObjectKey } from '../../storage/contract/object-key.js';
import type { ObjectSource } from '../../storage/contract/object-source.js';
import type { Orphan, RemoveOrphanOptions } from '../../storage/contract/orphan.js';
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
} from '../../storage/contract/storage-provider.js';

/**
 * A stage's storage for an API token whose scope has a prefix. Listings show what is below it; any other name is refused. Every
 * operation may reject with an AccessError, too.
 */
export class ScopedStorage implements StorageProvider {
  readonly #inner: StorageProvider;
  readonly #prefix: string;

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
    const refusal = this.#refusalOf(key);
    if (refusal === undefined) return this.#inner.put(key, body, options);
    body.once('error', () => undefined).destroy();
    throw refusal;
  }

  /** @throws AccessError */
  source(key: ListedKey): ObjectSource {
    this.#assertInScope(key);
    return this.#inner.source(key);
  }

  async copy(source: ObjectSource, key: ObjectKey, options?: CopyOptions): Promise<PutResult> {
    this.#assertInScope(key);
    return this.#inner.copy(source, key, options);
  }

  async move(source: ObjectSource, key: ObjectKey, options?: CopyOptions): Promise<PutResult> {
    this.#assertInScope(key);
    return this.#inner.move(source, key, options);
  }

  async get(key: ListedKey, options?: GetOptions): Promise<ObjectBody> {
    this.#assertInScope(key);
    return this.#inner.get(key, options);
  }

  async stat(key: ListedKey, options?: OperationOptions): Promise<ObjectStat> {
    this.#assertInScope(key);
    return this.#inner.stat(key, options);
  }

  async *list(options: ListOptions = {}): AsyncGenerator<readonly ObjectStat[]> {
    const { prefix = '' } = options;
    if (prefix.startsWith(this.#prefix)) yield* this.#inner.list(options);
    else if (this.#prefix.startsWith(prefix)) yield* this.#inner.list({ ...options, prefix: this.#prefix });
  }

  /** Of the levels above the scope, shows the way to it: its own next directory. */
  async *listLevel(options: LevelOptions = {}): AsyncGenerator<readonly LevelEntry[]> {
    const { prefix = '', startAfter = '', limit = 1 } = options;
    if (prefix.startsWith(this.#prefix)) yield* this.#inner.listLevel(options);
    if (prefix.startsWith(this.#prefix) || !this.#prefix.startsWith(prefix)) return;
    const slash = this.#prefix.indexOf('/', prefix.length);
    if (slash === -1) {
      yield* this.#inner.listLevel({ ...options, prefix: this.#prefix });
      return;
    }
    const directory = this.#prefix.slice(0, slash + 1);
    if (limit < 1 || compareKeys(directory, startAfter) <= 0) return;
    const { signal } = options;
    for await (const found of this.#inner.list({ prefix: this.#prefix, limit: 1, signal })) {
      yield found.map(() => ({ prefix: directory }));
    }
  }

  async remove(keys: readonly ListedKey[], options?: RemoveOptions): Promise<RemoveReport> {
    for (const key of keys) this.#assertInScope(key);
    return this.#inner.remove(keys, options);
  }

  async removeOrphan(orphan: Orphan, options?: RemoveOrphanOptions): Promise<void> {
    return this.#inner.removeOrphan(orphan, options);
  }

  async presign(target: PresignTarget, options: PresignOptions): Promise<PresignedRequest> {
    this.#assertInScope(target.key);
    return this.#inner.presign(target, options);
  }

  async close(): Promise<void> {
    return this.#inner.close();
  }

  #assertInScope(key: string): void {
    const refusal = this.#refusalOf(key);
    if (refusal !== undefined) throw refusal;
  }

  #refusalOf(key: string): AccessError | undefined {
    if (key.startsWith(this.#prefix)) return undefined;
    return new AccessError(
      'TokenScope',
      `Permission denied: the API token of this request is limited to names that begin with ${JSON.stringify(this.#prefix)}.`,
    );
  }
}
