import {
  close,
  closeSync,
  fdatasync,
  fstatSync,
  open,
  openSync,
  writev,
  writevSync,
  type Stats,
} from 'node:fs';
import { promisify } from 'node:util';
import type { FsPath } from '../fs-path.js';
import { sharedSyncFs } from '../adaptive-sync-fs.js';

const [openAsync, writevAsync, closeAsync, fdatasyncAsync] = [
  promisify(open),
  promisify(writev),
  promisify(close),
  promisify(fdatasync),
];
/** So little the kernel takes at once, whatever the disk does. */
const SHORT_BYTES = 128 * 1024;

/** A new file that is being written, and can be read back. */
export class TemporaryFile {
  private constructor(readonly fd: number) {}

  /** @throws where there is a file of that path, or no directory for it. */
  static async create(path: FsPath, mode: number): Promise<TemporaryFile> {
    const fd = await sharedSyncFs.run(
      () => openSync(path, 'wx+', mode),
      () => openAsync(path, 'wx+', mode),
    );
    return new TemporaryFile(fd);
  }

  get stats(): Stats {
    return fstatSync(this.fd);
  }

  /** @returns how many bytes were written: some, not always all. */
  async write(buffers: readonly Buffer[], position: number): Promise<number> {
    const writeAsync = async (): Promise<number> =>
      (await writevAsync(this.fd, buffers, position)).bytesWritten;
    const bytes = buffers.reduce((sum, { length }) => sum + length, 0);
    if (bytes > SHORT_BYTES) return writeAsync();
    return sharedSyncFs.run(() => writevSync(this.fd, buffers, position), writeAsync);
  }

  /** Resolves when every byte that was written is on the disk. */
  async sync(): Promise<void> {
    await fdatasyncAsync(this.fd);
  }

  async close(): Promise<void> {
    await sharedSyncFs.run(
      () => {
        closeSync(this.fd);
      },
      () => closeAsync(this.fd),
    );
  }
}
