import type { StorageProvider } from '../../../src/storage/contract/storage-provider.js';
import type { ConformanceContext } from '../conformance-case.js';

/** A provider that breaks one promise of the contract, and the case that must notice. */
export interface FaultyProvider {
  /** Completes the sentence "a provider that ...". */
  readonly name: string;
  /** The name of the case. */
  readonly caughtBy: string;
  /** Wraps an honest provider. */
  corrupt(honest: StorageProvider): ConformanceContext;
}

/** One that answers some operations itself and leaves the others to the honest provider. */
export function faulty(
  name: string,
  caughtBy: string,
  faults: (honest: StorageProvider) => Partial<StorageProvider>,
): FaultyProvider {
  return {
    name,
    caughtBy,
    corrupt: (honest) => ({ provider: { ...delegateTo(honest), ...faults(honest) } }),
  };
}

/** Every operation of the provider as a plain object's, so that single ones can be replaced. */
export function delegateTo(honest: StorageProvider): StorageProvider {
  return {
    scheme: honest.scheme,
    capabilities: honest.capabilities,
    put: (key, body, options) => honest.put(key, body, options),
    source: (key) => honest.source(key),
    copy: (source, key, options) => honest.copy(source, key, options),
    move: (source, key, options) => honest.move(source, key, options),
    get: (key, options) => honest.get(key, options),
    stat: (key, options) => honest.stat(key, options),
    list: (options) => honest.list(options),
    listLevel: (options) => honest.listLevel(options),
    removeOrphan: (orphan, options) => honest.removeOrphan(orphan, options),
    remove: (keys, options) => honest.remove(keys, options),
    presign: (key, options) => honest.presign(key, options),
    close: () => honest.close(),
  };
}
