import type { Objects } from '../../access/privileges.js';
import type { NamedConnection } from './named-connection.js';

/** Converts a connection to the object that access control decides on. */
export function connectionObject({ id, name, ownerRole }: NamedConnection): Objects['connection'] {
  return { kind: 'connection', id, name, ownerRole };
}
