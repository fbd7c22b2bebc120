import { keyFromBytes } from '../../src/storage/contract/key-bytes.js';
import type { MemoryStorageProvider } from '../../src/storage/providers/memory/memory-storage.provider.js';
import type { ConformanceContext } from './conformance-case.js';

/** Objects of somebody else, below a prefix of a store in memory. */
export function plantIn(store: MemoryStorageProvider, prefix = ''): NonNullable<ConformanceContext['plant']> {
  return (key, content) => {
    store.plant(prefix + keyFromBytes(key), Buffer.from(content));
    return Promise.resolve(true);
  };
}
