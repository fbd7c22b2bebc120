import { Injectable } from '@nestjs/common';
import { isOn } from '../../config/shortcuts.js';
import { SealedBox } from '../../keys/sealed-box.js';
import type { EncryptedColumn } from '../../keys/encrypted-column.js';
import type { StorageConnection } from '../../storage/contract/storage-provider-factory.js';
import type { StorageLocation } from '../../storage/storage-location.js';

export const ORPHAN_CONNECTIONS: EncryptedColumn = {
  label: 'cleanup records',
  table: 'leftovers',
  column: 'sealed_connection',
  names: ['id', 'store'],
  rowOf: ({ store = '' }) => ownerOf(store),
};

/** Encrypts the connections of stores for cleanup records. */
@Injectable()
export class OrphanConnections {
  /**
   * Cache by connection: all puts to the internal storage share one object, and encrypting it each time would double
   * the cost of a record.
   */
  readonly #encrypted = new WeakMap<StorageConnection, string>();

  readonly #cachesEncrypted = isOn('encrypted-records');

  constructor(private readonly box: SealedBox) {}

  encrypt({ store, connection }: Pick<StorageLocation, 'store' | 'connection'>): string {
    const cached = this.#encrypted.get(connection);
    if (cached !== undefined) return cached;
    const encrypted = this.box.encrypt(ownerOf(store), connection);
    if (this.#cachesEncrypted) this.#encrypted.set(connection, encrypted);
    return encrypted;
  }

  /** @throws SealedBoxError */
  decrypt(store: string, encrypted: string): StorageConnection {
    // authenticated: the input of `encrypt`
    return this.box.decrypt(ownerOf(store), encrypted) as StorageConnection;
  }
}

/** Row name of an encrypted connection: the records of its store. */
function ownerOf(store: string): string {
  return `leftovers in ${store}`;
}
