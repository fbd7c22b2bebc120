import type { StorageConnection } from './contract/storage-provider-factory.js';

/** A root in a store. */
export interface StorageLocation {
  readonly connection: StorageConnection;
  /** Names the store, whoever connects to it: objects of one store and key are the same object. Never a credential. */
  readonly store: string;
  /** What stands in front of every key there. */
  readonly prefix: string;
}
