import { closeSync, constants, existsSync, openSync, readlinkSync } from 'node:fs';
import type { FsPath } from '../fs-path.js';

/** Linux's flag for a handle that identifies a path without reading it; Node has no constant for it. */
export const O_PATH = 0o10000000;
const PLACE = O_PATH | constants.O_DIRECTORY;
const DESCRIPTORS = '/proc/self/fd';

/** Can the system report the path of an open directory, and act in that directory even if its path is replaced? */
export const KNOWS_HANDLES = process.platform === 'linux' && existsSync(DESCRIPTORS);

/** A directory that is held open, or only its path if the system has no paths of handles. */
export class HeldDirectory {
  readonly #place: FsPath;
  readonly #fd: number | undefined;

  private constructor(place: FsPath, fd: number | undefined) {
    this.#place = place;
    this.#fd = fd;
  }

  /** Opens a directory and follows links: `realPath` returns its location. @throws the error of `open`. */
  static open(path: FsPath): HeldDirectory {
    const fd = openSync(path, PLACE);
    return new HeldDirectory(`${DESCRIPTORS}/${String(fd)}`, fd);
  }

  /** Names a directory by its path, without holding it. */
  static named(path: FsPath): HeldDirectory {
    return new HeldDirectory(path, undefined);
  }

  /** Returns its present path. The kernel appends ` (deleted)` if the directory was removed. */
  realPath(): string {
    return readlinkSync(this.#place, 'utf8');
  }

  /** Returns the present path as bytes, which also distinguishes names that are not valid UTF-8. */
  realBytes(): Buffer {
    return readlinkSync(this.#place, { encoding: 'buffer' });
  }

  /** Returns the path of an entry of this directory. @param name a name without a slash. */
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
