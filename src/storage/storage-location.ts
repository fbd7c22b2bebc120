import type { StorageConnection } from './contract/storage-provider-factory.js';

/** A root in a store. */
export interface StorageLocation {
  readonly connection: StorageConnection;
  /** Identifies the store for every connection: one store and key name one object. Never a credential. */
  readonly store: string;
  /** Prefix of every key. */
  readonly prefix: string;
}
