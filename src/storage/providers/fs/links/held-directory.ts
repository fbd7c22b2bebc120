import { closeSync, constants, existsSync, openSync, readlinkSync } from 'node:fs';
import type { FsPath } from '../fs-path.js';

/** Linux's flag for a handle that names a place and reads nothing; Node has no name for it. */
const O_PATH = 0o10000000;
const PLACE = O_PATH | constants.O_DIRECTORY;
const DESCRIPTORS = '/proc/self/fd';

/** Can the system say where an open directory lies, and act in it whatever lies at its path meanwhile? */
export const KNOWS_HANDLES = process.platform === 'linux' && existsSync(DESCRIPTORS);

/** A directory that is held open, or only named where the system has no paths of handles. */
export class HeldDirectory {
  readonly #place: FsPath;
  readonly #fd: number | undefined;

  private constructor(place: FsPath, fd: number | undefined) {
    this.#place = place;
    this.#fd = fd;
  }

  /** Nothing of it is read yet, and links are followed: `realPath` tells where it lies. @throws as `open` does. */
  static open(path: FsPath): HeldDirectory {
    const fd = openSync(path, PLACE);
    return new HeldDirectory(`${DESCRIPTORS}/${String(fd)}`, fd);
  }

  /** Only its path: what lies there later is not known. */
  static named(path: FsPath): HeldDirectory {
    return new HeldDirectory(path, undefined);
  }

  /** Where it lies now; of one that has been removed, with the kernel's word for that behind it. */
  realPath(): string {
    return readlinkSync(this.#place, 'utf8');
  }

  /** The same as bytes: a text does not tell names apart that are no UTF-8. */
  realBytes(): Buffer {
    return readlinkSync(this.#place, { encoding: 'buffer' });
  }

  /** The path of an entry, in this very directory. @param name without a slash. */
  pathOf(name: FsPath): FsPath {
    if (typeof name === 'string' && typeof this.#place === 'string') return `${this.#place}/${name}`;
    return Buffer.concat([Buffer.from(this.#place), Buffer.from('/'), Buffer.from(name)]);
  }

  /** The path of the directory itself. */
  get self(): FsPath {
    return typeof this.#place === 'string' ? `${this.#place}/.` : this.#place;
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
  }
}
