import type { StorageProvider } from './storage-provider.js';
import type { StorageUrl } from './storage-url.js';

/**
 * How a store is reached: enough to open a provider, and what is kept, encrypted, of an external stage. Made by
 * `parseConnection` alone.
 */
export interface StorageConnection {
  readonly scheme: string;
  /** The canonical form of the URL; never a credential. */
  readonly url: string;
  /** Below which key prefix of the store the objects lie: empty, or with a slash at its end. */
  readonly rootPrefix: string;
  /** Canonical option names with their values, secrets in clear: for `open` and for the cipher, never for a log. */
  readonly options: Readonly<Record<string, string>>;
}

/** What may be shown of a connection. */
export interface ConnectionSummary {
  /** Where the store answers; null for one without an endpoint. */
  readonly endpoint: string | null;
  readonly hasCredentials: boolean;
  /** What DESC STAGE shows as storage parameters, with every secret masked. */
  readonly params: Readonly<Record<string, string | boolean | null>>;
}

export interface PrepareOptions {
  /** No other user of this machine may read what lies there. */
  readonly isPrivate: boolean;
  /** Files of it are known: where it is not ready, it is not the store that held them, and is left as it is. */
  readonly hasFiles: boolean;
}

/** Who names a store: the operator's own settings, or a user who makes a stage. */
export type ConnectionOrigin = 'operator' | 'user';

export interface StorageProviderFactory {
  readonly scheme: string;

  /**
   * Reads a URL and the options of a CONNECTION clause (names in lower case). No network is touched.
   *
   * @param origin a user's connection may lead to fewer places.
   * @throws StorageError of kind `InvalidConfig` that names every option that is unknown, missing or malformed.
   */
  parseConnection(
    url: StorageUrl,
    options: ReadonlyMap<string, string>,
    origin: ConnectionOrigin,
  ): StorageConnection;

  describe(connection: StorageConnection): ConnectionSummary;

  /**
   * Names the store, whatever the credentials: under one name and key every connection reaches the same object. Never a
   * credential.
   */
  storeName(connection: StorageConnection): string;

  /**
   * Makes the store ready to hold a stage's files, where that takes something: a directory is made and marked. Called when a
   * stage is made, and for the internal storage at each start of the server; what is ready stays as it is.
   *
   * @returns the connection as it is to be kept and opened.
   * @throws StorageError that says what cannot be made.
   */
  prepare(connection: StorageConnection, options: PrepareOptions): Promise<StorageConnection>;

  /** Opens the store's root, not `rootPrefix`: the registry puts that in front of every key. No network is touched. */
  open(connection: StorageConnection): StorageProvider;
}

/** The injection token of every known `StorageProviderFactory`, as an array. */
export const STORAGE_FACTORIES = Symbol('STORAGE_FACTORIES');
