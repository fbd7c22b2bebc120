import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import type { FoldedNames } from '../folded-names.js';
import { type FsPath, isSamePath, parentOf } from '../fs-path.js';
import { unlessAbsent } from '../fs-storage.errors.js';
import { HeldDirectory, KNOWS_HANDLES } from './held-directory.js';
import { assertWithin } from './stage-roots.js';

/** In a root where nobody else can write, a directory that is none of a link stays so; a look costs a hundredth of a small upload. */
const CACHE_MS = 1_000;
const MAX_CACHED_DIRECTORIES = 1_000;

/** What the kernel puts behind the path of a directory that has been removed. */
const DELETED = ' (deleted)';

export interface LinkFreeOptions {
  /** Directories in one of which the root must really lie; empty: anywhere. */
  readonly roots?: readonly string[] | undefined;
  /** Where the root really lies, as somebody has found it before. */
  readonly realRoot?: string | undefined;
  /** Nobody else can write there: paths are looked at and not held. */
  readonly isPrivate?: boolean | undefined;
}

/**
 * Holds directories at and below a root, and none to which a symbolic link leads. A handle's real path is compared, so that it
 * does not matter what somebody puts in the way after that. Where the system has no paths of handles, paths are looked at before
 * they are used.
 */
export class LinkFreePaths {
  readonly #root: string;
  readonly #names: FoldedNames;
  readonly #roots: readonly string[];
  /** Are directories held, and not only looked at? */
  readonly holds: boolean;
  #realRoot: string | undefined;
  readonly #linkFree: LRUCache<FsPath, true> | undefined;

  constructor(
    root: string,
    names: FoldedNames,
    { roots = [], realRoot, isPrivate = false }: LinkFreeOptions = {},
  ) {
    this.#root = root;
    this.#names = names;
    this.#roots = roots;
    this.#realRoot = realRoot;
    this.holds = KNOWS_HANDLES && !isPrivate;
    if (isPrivate) this.#linkFree = new LRUCache({ max: MAX_CACHED_DIRECTORIES, ttl: CACHE_MS });
  }

  /**
   * Where the root really lies. What is found first is kept, so that a link that is put in its place later leads nowhere.
   *
   * @throws StorageError of kind `InvalidConfig` where that is outside of the directories in which it must lie.
   */
  get realRoot(): string {
    return (this.#realRoot ??= this.#findRoot());
  }

  /**
   * Whoever gets it closes it.
   *
   * @returns undefined where a symbolic link leads there.
   * @throws as `open` does, where it is not there or no directory.
   */
  hold(directory: FsPath): HeldDirectory | undefined {
    if (!this.holds) return this.#isLinkFree(directory) ? HeldDirectory.named(directory) : undefined;
    const expected = this.#withoutLinks(directory);
    const held = HeldDirectory.open(directory);
    try {
      if (this.#liesAt(expected, held)) return held;
    } catch (error) {
      held.close();
      throw error;
    }
    held.close();
    return undefined;
  }

  #findRoot(): string {
    const real = realpathSync.native(this.#root);
    assertWithin(this.#root, real, this.#roots);
    return real;
  }

  /** @throws an error of code `ENOENT` where it has been removed. */
  #liesAt(expected: FsPath, held: HeldDirectory): boolean {
    const real = held.realPath();
    const isHere =
      typeof expected !== 'string' || expected.includes('\uFFFD')
        ? isSamePath(held.realBytes(), expected)
        : real === expected || (this.#names.areFolded && folded(real) === folded(expected));
    if (isHere || !real.endsWith(DELETED)) return isHere;
    throw Object.assign(new Error('The directory was removed.'), { code: 'ENOENT' });
  }

  #isLinkFree(directory: FsPath): boolean {
    if (this.#linkFree?.has(directory) === true) return true;
    if (this.#leadsThroughLink(directory)) return false;
    this.#linkFree?.set(directory, true);
    return true;
  }

  /** What does not exist yet is judged by its nearest ancestor that does. */
  #leadsThroughLink(directory: FsPath): boolean {
    const rootBytes = Buffer.byteLength(this.#root);
    for (let path = directory; Buffer.byteLength(path) >= rootBytes; path = parentOf(path)) {
      const real = realPathIfExists(path);
      if (real !== undefined) return !isSamePath(real, this.#withoutLinks(path));
      if (path.length <= 1) return false;
    }
    return false;
  }

  /** What the real path of one at or below the root is where no link leads on the way. */
  #withoutLinks(path: FsPath): FsPath {
    if (typeof path === 'string') return belowRoot(this.realRoot, path.slice(this.#root.length));
    return Buffer.concat([Buffer.from(this.realRoot), path.subarray(Buffer.byteLength(this.#root))]);
  }
}

/** @param relativePath empty, or with a slash at its beginning where the root has none at its end. */
function belowRoot(realRoot: string, relativePath: string): string {
  return realRoot === '/' || !relativePath.startsWith('/')
    ? join(realRoot, relativePath)
    : realRoot + relativePath;
}

function folded(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

/** Not awaited: the kernel knows it, and a thread's round trip costs ten times as much. */
function realPathIfExists(path: FsPath): FsPath | undefined {
  return unlessAbsent(() =>
    typeof path === 'string' ? realpathSync.native(path) : realpathSync.native(path, { encoding: 'buffer' }),
  );
}
