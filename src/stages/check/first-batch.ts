import type { ObjectStat } from '../../storage/contract/storage-provider.js';

/** Returns the first batch of a listing, empty for an empty listing. */
export async function firstBatch(
  batches: AsyncIterable<readonly ObjectStat[]>,
): Promise<readonly ObjectStat[]> {
  for await (const batch of batches) return batch;
  return [];
}
