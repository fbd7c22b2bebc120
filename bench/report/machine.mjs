import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

/** What somebody who reads the figures has to know of where they are from. */
export function describeMachine({ quick, seed, comparisons }, folder) {
  return {
    at: new Date().toISOString(),
    quick,
    seed,
    commit: commitOf(),
    comparesBuilds: comparisons[0].builds.length > 1,
    node: process.version,
    kernel: `${process.platform} ${release()}`,
    processors: `${cpus().length} x ${cpus()[0].model.trim()}`,
    memory: `${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
    fileSystem: fileSystemOf(folder),
    creationMicroseconds: creationMicroseconds(folder),
    loadBefore: loadavg().map((value) => Number(value.toFixed(2))),
  };
}

const CREATED_FILES = 500;

/**
 * What it takes to create a file. ext4 gives no inode away that was freed in the last five minutes, and looks at each of them:
 * after many files were deleted there it takes twenty times as long, for whoever creates one.
 */
function creationMicroseconds(folder) {
  const probe = join(folder, 'creation');
  mkdirSync(probe);
  const start = performance.now();
  for (let i = 0; i < CREATED_FILES; i += 1) closeSync(openSync(join(probe, `f${i}`), 'wx'));
  return Math.round((1000 * (performance.now() - start)) / CREATED_FILES);
}

function fileSystemOf(folder) {
  return said('df', ['--output=fstype', folder])?.split('\n').at(-1) ?? `device ${statSync(folder).dev}`;
}

function commitOf() {
  return said('git', ['-C', import.meta.dirname, 'rev-parse', '--short', 'HEAD']) ?? 'unknown';
}

function said(file, args) {
  try {
    return execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
