import { listedAs } from '../../../src/storage/contract/listed-key.js';
import type { StorageProvider } from '../../../src/storage/contract/storage-provider.js';

/** Removes the object that was there when a put of its key fails. */
export function removingWhereRefused(honest: StorageProvider): Partial<StorageProvider> {
  return {
    put: async (key, body, options) => {
      try {
        return await honest.put(key, body, options);
      } catch (error) {
        await honest.remove([listedAs(key)]);
        throw error;
      }
    },
  };
}
