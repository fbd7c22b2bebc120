import { StorageError } from '../../../contract/storage-error.js';
import type { ConnectionOptions, OptionChanges } from '../../../contract/storage-provider-factory.js';
import { spellingsOf } from './s3-connection-options.js';

const KEYS = ['access_key_id', 'secret_access_key'] as const;

/** Changes single options, as `StorageProviderFactory.changeOptions`. */
export function changeConnectionOptions(
  options: ConnectionOptions,
  changes: OptionChanges,
): ConnectionOptions {
  assertKeysOfEndpoint(options, changes);
  const changed = new Map(options);
  for (const name of changes.keys()) remove(changed, name);
  // A session token belongs to one key.
  if (valueOf(changes, 'access_key_id') !== undefined) remove(changed, 'session_token');
  for (const [name, value] of changes) {
    const isKnown = spellingsOf(name).length > 0;
    if (value !== null || !isKnown) changed.set(name, value ?? '');
  }
  return changed;
}

/** Requires that keys are given anew with another endpoint: else whoever may change the stage could send them elsewhere. */
function assertKeysOfEndpoint(options: ConnectionOptions, changes: OptionChanges): void {
  const endpoint = valueOf(changes, 'endpoint_url');
  if (endpoint === undefined || endpoint === valueOf(options, 'endpoint_url')) return;
  if (KEYS.every((key) => valueOf(options, key) === undefined || valueOf(changes, key) !== undefined)) return;
  throw new StorageError(
    'InvalidConfig',
    "connection params invalid: another 'endpoint_url' needs the keys for it: give 'access_key_id' and 'secret_access_key' too.",
    { context: { scheme: 's3' } },
  );
}

function valueOf<Value>(options: ReadonlyMap<string, Value>, name: string): Value | undefined {
  for (const spelling of spellingsOf(name)) {
    const value = options.get(spelling);
    if (value !== undefined) return value;
  }
  return undefined;
}

function remove(options: Map<string, string>, name: string): void {
  for (const spelling of spellingsOf(name)) options.delete(spelling);
}
