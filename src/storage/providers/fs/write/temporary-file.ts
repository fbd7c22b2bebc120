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
/** Writes up to this size go into the kernel's memory and do not wait for the disk. */
const SHORT_BYTES = 128 * 1024;

/** A new file, open for writing and reading. */
export class TemporaryFile {
  private constructor(readonly fd: number) {}

  /** @throws the system's error if the file exists, or its directory does not. */
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

  /** @returns the number of bytes written, which may be less than all. */
  async write(buffers: readonly Buffer[], position: number): Promise<number> {
    const writeAsync = async (): Promise<number> =>
      (await writevAsync(this.fd, buffers, position)).bytesWritten;
    const bytes = buffers.reduce((sum, { length }) => sum + length, 0);
    if (bytes > SHORT_BYTES) return writeAsync();
    return sharedSyncFs.run(() => writevSync(this.fd, buffers, position), writeAsync);
  }

  /** Resolves when every written byte is on the disk. */
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
