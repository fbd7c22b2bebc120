import { lstatSync, opendirSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { FsPath } from './fs-path.js';
import { TEMPORARY_DIRECTORY } from './temporary-directory.js';
import { unlessAbsent } from './fs-storage.errors.js';

/** The maximum number of entries to search for a name with letters. */
const MAX_ATTEMPTS = 20;

/**
 * Detects case-insensitive file systems. Some (those of macOS and Windows, exFAT) treat names that differ in case or accents as
 * equal. There a path may lead to another file: a neighbour, the folder of another stage, or the service's own folder.
 */
export class FoldedNames {
  readonly #root: string;
  #folds: boolean | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  /** Are names folded? False also if no name in the root shows it. */
  get areFolded(): boolean {
    this.#folds ??= foldsIn(this.#root);
    return this.#folds === true;
  }

  /** Returns the topmost component of a path that exists under another name; undefined if all have exactly that name. */
  firstOn(path: FsPath): string | undefined {
    // File systems keep names that are not valid UTF-8 unchanged, or reject them.
    if (typeof path !== 'string' || !this.areFolded) return undefined;
    let otherName: string | undefined;
    for (let current = path; current.length > this.#root.length; current = dirname(current)) {
      if (exists(current) && !namesIn(dirname(current)).includes(basename(current)))
        otherName = basename(current);
    }
    return otherName;
  }
}

/** Does a directory fold the case of names? Undefined if it contains no name with letters. */
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

/** @param name an existing name with letters. */
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
