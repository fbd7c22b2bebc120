import type { FileFacts } from '../../file-metadata/file-metadata.repository.js';
import { sourceChanged } from '../../storage/contract/object-source.js';
import type { ListedKey } from '../../storage/contract/listed-key.js';
import type { ObjectStat, PutContent } from '../../storage/contract/storage-provider.js';
import { StorageError } from '../../storage/contract/storage-error.js';
import type { OpenedStage } from '../files/stage.service.js';

/** One version of a file that is to be copied or moved. */
export interface SourceFile {
  readonly stage: OpenedStage;
  readonly name: ListedKey;
  readonly stat: ObjectStat;
  /** The record of exactly this version. */
  readonly facts: FileFacts | undefined;
}

/** The content type that is recorded, or that the store keeps. */
export function contentTypeOf({ facts, stat }: SourceFile): string | undefined {
  return facts?.contentType ?? stat.contentType ?? undefined;
}

/** Yields the bytes of exactly this version. @throws StorageError of kind `PreconditionFailed` for another one. */
export async function* sourceChunks(
  { stage, name, stat }: SourceFile,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  const { storage } = stage;
  const file = await storage.get(name, { signal });
  if (file.stat.etag !== stat.etag || file.stat.size !== stat.size) {
    file.body.destroy();
    throw sourceChanged({ operation: 'copy', key: name });
  }
  yield* file.body as AsyncIterable<Buffer>; // a stream of bytes without an encoding
}

/** Compares what has come with what is known of the source. @throws StorageError of kind `Unexpected`. */
export function verifyContent({ stat, facts, name }: SourceFile, { size, checksums }: PutContent): void {
  const { md5 } = checksums;
  const isSame = size === stat.size && (md5 === undefined || facts?.md5 == null || facts.md5 === md5);
  if (isSame) return;
  throw new StorageError(
    'Unexpected',
    'The bytes of the file are not those that were stored: nothing was copied. Look at its store, or upload it again.',
    { context: { operation: 'copy', key: name, size, expected: stat.size } },
  );
}
