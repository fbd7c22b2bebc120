import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import type { FoldedNames } from '../folded-names.js';
import { type FsPath, isSamePath, parentOf } from '../fs-path.js';
import { unlessAbsent } from '../fs-storage.errors.js';
import { HeldDirectory, KNOWS_HANDLES } from './held-directory.js';
import { isOn } from '../../../../config/shortcuts.js';
import { assertWithin } from './stage-roots.js';

/** How long a checked directory of a private root is trusted: no other user can write there. A check costs 1 % of a small upload. */
const CACHE_MS = 1_000;
const MAX_CACHED_DIRECTORIES = 1_000;

/** The kernel appends this to the path of a removed directory. */
const DELETED = ' (deleted)';

export interface LinkFreeOptions {
  /** Directories of which one must contain the root's real path; empty: anywhere. */
  readonly roots?: readonly string[] | undefined;
  /** The real path of the root, if it is known already. */
  readonly realRoot?: string | undefined;
  /** No other user can write there: paths are checked and not held. */
  readonly isPrivate?: boolean | undefined;
}

/**
 * Holds directories at and below a root, and refuses those behind a symbolic link. Compares the real path of a handle, so a later
 * replacement of the path has no effect. If the system has no paths of handles, checks paths before they are used.
 */
export class LinkFreePaths {
  readonly #root: string;
  readonly #names: FoldedNames;
  readonly #roots: readonly string[];
  /** Are directories held, and not only checked? */
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
    if (isPrivate && isOn('link-looks'))
      this.#linkFree = new LRUCache({ max: MAX_CACHED_DIRECTORIES, ttl: CACHE_MS });
  }

  /**
   * The real path of the root. It is resolved once, so a link that replaces the root later has no effect.
   *
   * @throws StorageError of kind `InvalidConfig` if the path is outside the directories that must contain it.
   */
  get realRoot(): string {
    return (this.#realRoot ??= this.#findRoot());
  }

  /**
   * Holds a directory, which the caller closes.
   *
   * @returns undefined if the path contains a symbolic link.
   * @throws the error of `open` if it is missing, or no directory.
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

  /** @throws an error of code `ENOENT` if the directory was removed. */
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

  /** Checks the nearest existing ancestor of a path that does not exist yet. */
  #leadsThroughLink(directory: FsPath): boolean {
    const rootBytes = Buffer.byteLength(this.#root);
    for (let path = directory; Buffer.byteLength(path) >= rootBytes; path = parentOf(path)) {
      const real = realPathIfExists(path);
      if (real !== undefined) return !isSamePath(real, this.#withoutLinks(path));
      if (path.length <= 1) return false;
    }
    return false;
  }

  /** Returns the real path that a path at or below the root has if it contains no link. */
  #withoutLinks(path: FsPath): FsPath {
    if (typeof path === 'string') return belowRoot(this.realRoot, path.slice(this.#root.length));
    return Buffer.concat([Buffer.from(this.realRoot), path.subarray(Buffer.byteLength(this.#root))]);
  }
}

/** @param relativePath a path that is empty, or begins with a slash unless the root ends with one. */
function belowRoot(realRoot: string, relativePath: string): string {
  return realRoot === '/' || !relativePath.startsWith('/')
    ? join(realRoot, relativePath)
    : realRoot + relativePath;
}

function folded(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

/** Runs synchronously: the kernel has it in memory, and a round trip to a thread costs ten times as much. */
function realPathIfExists(path: FsPath): FsPath | undefined {
  return unlessAbsent(() =>
    typeof path === 'string' ? realpathSync.native(path) : realpathSync.native(path, { encoding: 'buffer' }),
  );
}
