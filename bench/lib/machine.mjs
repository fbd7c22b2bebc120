import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import process from 'node:process';

/** What somebody who reads the figures has to know of where they are from. */
export function describeMachine({ quick, seed, builds }, folder) {
  return {
    at: new Date().toISOString(),
    quick,
    seed,
    commit: commitOf(),
    comparesBuilds: builds.length > 1,
    node: process.version,
    kernel: `${process.platform} ${release()}`,
    processors: `${cpus().length} x ${cpus()[0].model.trim()}`,
    memory: `${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
    fileSystem: fileSystemOf(folder),
    loadBefore: loadavg().map((value) => Number(value.toFixed(2))),
  };
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
