import type { FileFacts, FileMetadataIndex } from '../../file-metadata/file-metadata.repository.js';
import { isEtagOfCopy } from '../../storage/contract/copied-etag.js';
import type { ObjectStat } from '../../storage/contract/storage-provider.js';

/** Returns the metadata of this version of a file, or of the original of which it is a copy. */
export function shownFacts(
  index: FileMetadataIndex,
  objectKey: string,
  { etag, size }: ObjectStat,
): FileFacts | undefined {
  const exact = index.find(objectKey, etag);
  return exact ?? index.ofSize(objectKey, size).find((facts) => isEtagOfCopy(etag, facts.etag));
}
