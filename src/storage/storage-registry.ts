import { createHash } from 'node:crypto';
import { Inject, Injectable, Logger, Optional, type OnApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Metrics } from '../metrics/metrics.js';
import {
  STORAGE_FACTORIES,
  type ConnectionOptions,
  type ConnectionOrigin,
  type ConnectionSummary,
  type OptionChanges,
  type PrepareOptions,
  type StorageConnection,
  type StorageProviderFactory,
} from './contract/storage-provider-factory.js';
import { StorageError } from './contract/storage-error.js';
import type { StorageProvider } from './contract/storage-provider.js';
import { parseStorageUrl } from './contract/storage-url.js';
import { ObservedStorage } from './decorators/observed-storage.js';
import { PrefixedStorage } from './decorators/prefixed-storage.js';
import { StageNamingStorage } from './decorators/stage-naming-storage.js';
import type { StorageLocation } from './storage-location.js';
import { StoreMetrics } from './store-metrics.js';
import { isOn } from '../config/shortcuts.js';

/** An opened provider holds an SDK client; beyond this number the least recently used one is dropped. */
const MAX_OPEN_PROVIDERS = 256;

interface ConnectionIdentity {
  /** As in `StorageLocation`. */
  readonly store: string;
  /** Lets two stages of one bucket share a provider. A digest, so that no credential is a key of a map. */
  readonly digest: string;
}

/** Opens, decorates and caches a provider for a connection. Closes all providers on shutdown. */
@Injectable()
export class StorageRegistry implements OnApplicationShutdown {
  readonly #logger = new Logger('Storage');
  readonly #factories: ReadonlyMap<string, StorageProviderFactory>;
  readonly #metrics: StoreMetrics | undefined;
  readonly #cachesIdentities = isOn('connection-identities');
  /** Cached, because a stage's connection is one object for many requests. */
  readonly #identities = new WeakMap<StorageConnection, ConnectionIdentity>();
  readonly #opened = new LRUCache<string, StorageProvider>({ max: MAX_OPEN_PROVIDERS });

  /** @param metrics is absent where nothing is opened. */
  constructor(
    @Inject(STORAGE_FACTORIES) factories: readonly StorageProviderFactory[],
    @Inject(Metrics) @Optional() metrics?: Metrics,
  ) {
    this.#factories = new Map(factories.map((factory) => [factory.scheme, factory]));
    this.#metrics = metrics === undefined ? undefined : new StoreMetrics(metrics, this.schemes);
  }

  /** Schemes of all stores. */
  get schemes(): readonly string[] {
    return [...this.#factories.keys()].sort();
  }

  /** @throws StorageError of kind `InvalidConfig` that names the problems of the URL or the options. */
  parseConnection(
    url: string,
    options: ReadonlyMap<string, string>,
    origin: ConnectionOrigin,
  ): StorageConnection {
    const parsed = parseStorageUrl(url);
    return this.#factory(parsed.scheme).parseConnection(parsed, options, origin);
  }

  /** As a factory's `changeOptions`. */
  changeOptions(scheme: string, options: ConnectionOptions, changes: OptionChanges): ConnectionOptions {
    return this.#factory(scheme).changeOptions(options, changes);
  }

  describe(connection: StorageConnection): ConnectionSummary {
    return this.#factory(connection.scheme).describe(connection);
  }

  /** As a factory's `prepare`. */
  prepare(connection: StorageConnection, options: PrepareOptions): Promise<StorageConnection> {
    return this.#factory(connection.scheme).prepare(connection, options);
  }

  /** @param subPrefix a prefix below the connection's own root prefix: empty, or with a slash at its end. */
  locate(connection: StorageConnection, subPrefix = ''): StorageLocation {
    const { store } = this.#identityOf(connection);
    return { connection, store, prefix: connection.rootPrefix + subPrefix };
  }

  /** @param stage the name for errors that are about the store. */
  open({ connection, prefix }: StorageLocation, stage?: string): StorageProvider {
    const provider = this.#provider(connection);
    const root = prefix === '' ? provider : new PrefixedStorage(provider, prefix);
    return stage === undefined ? root : new StageNamingStorage(root, stage);
  }

  /** Opens the store's root: its keys include their prefixes. */
  openStore(connection: StorageConnection): StorageProvider {
    return this.#provider(connection);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.#opened.values()].map((provider) => provider.close()));
    this.#opened.clear();
  }

  #provider(connection: StorageConnection): StorageProvider {
    const { digest: key } = this.#identityOf(connection);
    const cached = this.#opened.get(key);
    if (cached !== undefined) return cached;
    const opened = this.#factory(connection.scheme).open(connection);
    const observed = new ObservedStorage(opened, (event) => {
      this.#metrics?.observe(event);
      this.#logger.debug({ msg: 'storage operation', ...event });
    });
    this.#opened.set(key, observed);
    return observed;
  }

  #identityOf(connection: StorageConnection): ConnectionIdentity {
    const cached = this.#identities.get(connection);
    if (cached !== undefined) return cached;
    const store = this.#factory(connection.scheme).storeName(connection);
    const identity = { store, digest: connectionDigest(connection) };
    if (this.#cachesIdentities) this.#identities.set(connection, identity);
    return identity;
  }

  #factory(scheme: string): StorageProviderFactory {
    const factory = this.#factories.get(scheme);
    if (factory !== undefined) return factory;
    const schemes = this.schemes.join(', ');
    throw new StorageError(
      'InvalidConfig',
      `invalid input parameter (protocol ${scheme} is not supported yet.) Supported: ${schemes}.`,
    );
  }
}

function connectionDigest({ scheme, url, rootPrefix, options }: StorageConnection): string {
  const root = url.slice(0, url.length - rootPrefix.length);
  return createHash('sha256')
    .update(JSON.stringify([scheme, root, Object.entries(options).sort()]))
    .digest('base64');
}
