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

/**
 * Returns no options if this server's key does not decrypt them: the connection can still be listed, replaced and
 * dropped.
 */
function storageParams(connection: NamedConnection): string {
  try {
    const options = [...connection.decryptOptions()].sort(([a], [b]) => (a < b ? -1 : 1));
    return options.map(([name, value]) => `${name}=${masked(value)}`).join(' ');
  } catch (error) {
    if (error instanceof SealedBoxError) return '';
    throw error;
  }
}
