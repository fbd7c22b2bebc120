import { lstatSync, opendirSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { FsPath } from './fs-path.js';
import { TEMPORARY_DIRECTORY } from './temporary-directory.js';
import { unlessAbsent } from './fs-storage.errors.js';

/** So many entries of a directory are tried for one that has letters. */
const MAX_ATTEMPTS = 20;

/**
 * Some file systems (those of macOS and Windows, exFAT) take names that differ in case or accents for one. There a path may
 * lead to what has another name: to a neighbour, into the folder of another stage, or into the service's own.
 */
export class FoldedNames {
  readonly #root: string;
  #folds: boolean | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  /** False also where nothing in the root tells. */
  get areFolded(): boolean {
    this.#folds ??= foldsIn(this.#root);
    return this.#folds === true;
  }

  /** The first thing on the way that has another name than the path says; undefined where there is none. */
  firstOn(path: FsPath): string | undefined {
    // Names that are no UTF-8 are kept as they are, or not at all.
    if (typeof path !== 'string' || !this.areFolded) return undefined;
    let otherName: string | undefined;
    for (let current = path; current.length > this.#root.length; current = dirname(current)) {
      if (exists(current) && !namesIn(dirname(current)).includes(basename(current)))
        otherName = basename(current);
    }
    return otherName;
  }
}

/** Does a directory take a name in other letters for the same one? Undefined where it holds nothing to try it by. */
function foldsIn(directory: string): boolean | undefined {
  if (inodeOf(join(directory, TEMPORARY_DIRECTORY)) !== undefined)
    return isFolded(directory, TEMPORARY_DIRECTORY);
  const entries = unlessAbsent(() => opendirSync(directory));
  if (entries === undefined) return undefined;
  try {
    for (let tried = 0; tried < MAX_ATTEMPTS; tried++) {
      const name = entries.readSync()?.name;
      if (name === undefined) return undefined;
      if (name.toUpperCase() !== name.toLowerCase()) return isFolded(directory, name);
    }
    return undefined;
  } finally {
    entries.closeSync();
  }
}

/** @param name has letters, and is there. */
function isFolded(directory: string, name: string): boolean {
  const other = name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase();
  return inodeOf(join(directory, other)) === inodeOf(join(directory, name));
}

function inodeOf(path: string): number | undefined {
  return unlessAbsent(() => lstatSync(path, { throwIfNoEntry: false }))?.ino;
}

function exists(path: string): boolean {
  return inodeOf(path) !== undefined;
}

function namesIn(directory: string): string[] {
  return unlessAbsent(() => readdirSync(directory)) ?? [];
}
