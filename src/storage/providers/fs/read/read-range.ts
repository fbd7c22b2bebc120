import { read, readSync } from 'node:fs';
import { promisify } from 'node:util';
import type { ObjectBody } from '../../../contract/storage-provider.js';
import { StorageError } from '../../../contract/storage-error.js';
import { sharedSyncFs, type AdaptiveSyncFs } from '../adaptive-sync-fs.js';
import type { ReadBuffers } from './read-buffers.js';

const readAsync = promisify(read);

/**
 * Reads a whole short range of a file.
 *
 * @throws StorageError of kind `Unavailable` if the file ends before the range does.
 */
export async function readRange(
  fd: number,
  { start, end }: ObjectBody['range'],
  buffers: ReadBuffers,
): Promise<Buffer> {
  const bytes = buffers.take(end - start + 1);
  await readFully(fd, bytes, start);
  return bytes;
}

/**
 * Fills a buffer from a position of a file.
 *
 * @throws StorageError of kind `Unavailable` if the file ends before the buffer is full.
 */
export async function readFully(
  fd: number,
  bytes: Buffer,
  start: number,
  calls: AdaptiveSyncFs = sharedSyncFs,
): Promise<void> {
  for (let filled = 0; filled < bytes.length;) {
    const [offset, length, position] = [filled, bytes.length - filled, start + filled] as const;
    const count = await calls.run(
      () => readSync(fd, bytes, offset, length, position),
      async () => (await readAsync(fd, bytes, offset, length, position)).bytesRead,
    );
    if (count === 0) throw new StorageError('Unavailable', 'The file was cut while it was read.');
    filled += count;
  }
}
