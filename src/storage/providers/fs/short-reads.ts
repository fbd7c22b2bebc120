import { read, readSync } from 'node:fs';
import { promisify } from 'node:util';
import type { ObjectBody } from '../../contract/storage-provider.js';
import { StorageError } from '../../contract/storage-error.js';

const readByThread = promisify(read);
/** What the kernel has in memory is there in a tenth of that. */
const SLOW_MS = 0.5;
const SLOW_FOR_MS = 100;

/**
 * Reads a few bytes without waiting where the kernel has them: a thread's round trip costs more than they do. After a read
 * that had to wait for the disk, threads read for a while.
 */
export class ShortReads {
  #slowUntil = 0;

  /** @throws StorageError of kind `Unavailable` where the file ends before the range does. */
  async read(fd: number, { start, end }: ObjectBody['range']): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(end - start + 1);
    for (let filled = 0; filled < bytes.length;) {
      const count = await this.#readPart(fd, bytes.subarray(filled), start + filled);
      if (count === 0) throw new StorageError('Unavailable', 'The file was cut while it was read.');
      filled += count;
    }
    return bytes;
  }

  async #readPart(fd: number, part: Buffer, position: number): Promise<number> {
    const before = performance.now();
    if (before < this.#slowUntil) return (await readByThread(fd, part, 0, part.length, position)).bytesRead;
    const count = readSync(fd, part, 0, part.length, position);
    const now = performance.now();
    if (now - before > SLOW_MS) this.#slowUntil = now + SLOW_FOR_MS;
    return count;
  }
}
