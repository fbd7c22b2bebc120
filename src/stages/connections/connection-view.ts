import { masked } from '../../common/masked.js';
import type { NamedConnection } from './named-connection.js';
import { SealedBoxError } from '../../keys/sealed-box-error.js';

/** A connection as users see it: the columns of Databend's SHOW CONNECTIONS. */
export interface ConnectionView {
  readonly name: string;
  readonly storage_type: string;
  /** `aws_key_id=AK***LE region=us***-1`: ordered by name, every value masked. */
  readonly storage_params: string;
}

export function connectionView(connection: NamedConnection): ConnectionView {
  return {
    name: connection.name,
    storage_type: connection.storageType,
    storage_params: storageParams(connection),
  };
}

function storageParams(connection: NamedConnection): string {
  const options = shownOptions(connection) ?? [];
  return options.map(([name, value]) => `${name}=${masked(value)}`).join(' ');
}

/**
 * Returns the options ordered by name, not masked; null if this server's key does not decrypt them: the connection can still be
 * listed, replaced and dropped.
 */
export function shownOptions(
  connection: NamedConnection,
): readonly (readonly [name: string, value: string])[] | null {
  try {
    return [...connection.decryptOptions()].sort(([a], [b]) => (a < b ? -1 : 1));
  } catch (error) {
    if (error instanceof SealedBoxError) return null;
    throw error;
  }
}
