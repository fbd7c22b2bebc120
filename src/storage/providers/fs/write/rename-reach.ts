import { type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { LRUCache } from 'lru-cache';
import { isOn } from '../../../../config/shortcuts.js';
import type { FsRoot } from '../fs-root.js';
import { unlessAbsent } from '../fs-storage.errors.js';
import { isSameMount } from '../same-mount.js';

const MAX_CACHED = 1000;

/** A cached answer for a directory. If something else is mounted there later, its inode differs. */
interface CachedDirectory {
  readonly dev: number;
  readonly ino: number;
  readonly isOneMount: boolean;
}

/** Decides into which directories the root's temporary files can be renamed: those of the same mount, not only of the same disk. */
export class RenameReach {
  readonly #root: FsRoot;
  readonly #caches = isOn('mount-looks');
  readonly #cache = new LRUCache<string, CachedDirectory>({ max: MAX_CACHED });
  /** The file system of the root's temporary files. */
  #device: number | undefined;

  constructor(root: FsRoot) {
    this.#root = root;
  }

  /**
   * @param directory a directory in the root. If it does not exist, its nearest existing ancestor decides.
   * @returns undefined if a rename can reach the directory, else the deepest existing directory of its path.
   */
  findUnreachable(directory: string): string | undefined {
    for (let path = directory; path.length >= this.#root.path.length; path = dirname(path)) {
      const stats = unlessAbsent(() => statSync(path, { throwIfNoEntry: false }));
      if (stats !== undefined) return this.#isReached(path, stats) ? undefined : path;
      if (path.length === 1) break;
    }
    return undefined; // the root itself is missing, which the creation of a file in it reports
  }

  /** Clears the cache after a change of mounts. */
  forget(): void {
    this.#cache.clear();
    this.#device = undefined;
  }

  #isReached(path: string, stats: Stats): boolean {
    if (stats.dev !== this.#device) this.#device = this.#root.assertAvailable();
    if (stats.dev !== this.#device) return false;
    return path === this.#root.path || this.#isOneMount(path, stats);
  }

  #isOneMount(path: string, { dev, ino }: Stats): boolean {
    const cached = this.#cache.get(path);
    if (cached?.dev === dev && cached.ino === ino) return cached.isOneMount;
    const isOneMount = isSameMount(this.#root.path, path);
    if (this.#caches) this.#cache.set(path, { dev, ino, isOneMount });
    return isOneMount;
  }
}
