import type { StorageProvider } from './storage-provider.js';
import type { StorageUrl } from './storage-url.js';

/**
 * Everything that is needed to open a provider. External stages store it encrypted. Only `parseConnection` and `prepare` create
 * one.
 */
export interface StorageConnection {
  readonly scheme: string;
  /** The canonical form of the URL; never a credential. */
  readonly url: string;
  /** Key prefix of the objects in the store: empty, or with a slash at its end. */
  readonly rootPrefix: string;
  /** Options by canonical name, with secrets in clear: for `open` and for encryption, never for a log. */
  readonly options: Readonly<Record<string, string>>;
}

/** The facts of a connection that may be shown. */
export interface ConnectionSummary {
  /** The store's URL; null for a store without one. */
  readonly endpoint: string | null;
  readonly hasCredentials: boolean;
  /** Storage parameters as DESC STAGE shows them, with every secret masked. */
  readonly params: Readonly<Record<string, string | boolean | null>>;
}

export interface PrepareOptions {
  /** Deny other users of this machine read access? */
  readonly isPrivate: boolean;
  /** Does the service know files of the store? Then a store that is not ready is the wrong one, and is left unchanged. */
  readonly hasFiles: boolean;
}

/** Options of a CONNECTION clause, their names in lower case. */
export type ConnectionOptions = ReadonlyMap<string, string>;

/** Changes of single options; null removes one. */
export type OptionChanges = ReadonlyMap<string, string | null>;

/** The source of a connection: the operator's settings, or a user who creates a stage. */
export type ConnectionOrigin = 'operator' | 'user';

export interface StorageProviderFactory {
  readonly scheme: string;

  /**
   * Parses a URL and the options of a CONNECTION clause (names in lower case). Uses no network.
   *
   * @param origin the source of the connection; a user's may lead to fewer places.
   * @throws StorageError of kind `InvalidConfig` that names every option that is unknown, missing or malformed.
   */
  parseConnection(url: StorageUrl, options: ConnectionOptions, origin: ConnectionOrigin): StorageConnection;

  /**
   * Changes single options. A change counts for every spelling of its option; what a changed option makes void is left out. Options
   * that the store does not know are kept, so that `parseConnection` names them.
   *
   * @throws StorageError of kind `InvalidConfig` for a change that needs another one.
   */
  changeOptions(options: ConnectionOptions, changes: OptionChanges): ConnectionOptions;

  describe(connection: StorageConnection): ConnectionSummary;

  /**
   * Returns a name that identifies the store for all credentials: one name and key reach one object. Never a credential.
   */
  storeName(connection: StorageConnection): string;

  /**
   * Prepares the store for a stage's files if it needs that: creates and marks a directory. Called when a stage is created, and
   * for the internal storage at each start of the server. Idempotent.
   *
   * @returns the connection to store and to open.
   * @throws StorageError that names what cannot be created.
   */
  prepare(connection: StorageConnection, options: PrepareOptions): Promise<StorageConnection>;

  /** Opens the store's root, not `rootPrefix`, which the registry adds to every key. Uses no network. */
  open(connection: StorageConnection): StorageProvider;
}

/** The injection token of the array of all `StorageProviderFactory`s. */
export const STORAGE_FACTORIES = Symbol('STORAGE_FACTORIES');
