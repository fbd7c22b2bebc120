import type { ObjectStat } from '../../storage/contract/storage-provider.js';

/** Of a listing; empty where it lists nothing. */
export async function firstBatch(
  batches: AsyncIterable<readonly ObjectStat[]>,
): Promise<readonly ObjectStat[]> {
  for await (const batch of batches) return batch;
  return [];
}
