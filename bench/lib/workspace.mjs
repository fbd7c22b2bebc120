import { execFileSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { onInterruption } from '../../scripts/lib/interruption.mjs';
import { Unavailable } from './unavailable.mjs';

const TMPFS = 0x01021994;
const BLOCK = 4 * 1024 * 1024;

/** A folder on a real disk for all data of a run. It goes at `remove()` and when the process ends. */
export function makeWorkspace(parent) {
  const folder = mkdtempSync(
    join(parent ?? onDisk([tmpdir(), '/var/tmp', process.cwd()]), 'stagedoor-bench-'),
  );
  // A million files: rm is several times as fast as rmSync.
  const removeAll = () => execFileSync('rm', ['-rf', folder]);
  const callOff = onInterruption(removeAll);
  const sources = new Map();
  return {
    folder,
    /** An empty folder of its own. */
    subfolder: (name) => mkdtempSync(join(folder, `${name}-`)),
    needSpace: (bytes) => needSpace(folder, bytes),
    randomFile: (bytes) => {
      if (!sources.has(bytes)) sources.set(bytes, writeRandomFile(join(folder, `random-${bytes}`), bytes));
      return sources.get(bytes);
    },
    /** So that no run pays for what an earlier one has left to be written. */
    settle: () => execFileSync('sync', ['-f', folder]),
    remove: () => {
      callOff();
      removeAll();
    },
  };
}

function onDisk(folders) {
  const found = folders.find((folder) => statfsSync(folder).type !== TMPFS);
  if (found === undefined) throw new Error('no folder on a disk: name one by --folder');
  return found;
}

function needSpace(folder, bytes) {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= bytes) return;
  const [needed, free] = [bytes, bavail * bsize].map((size) => (size / 1e9).toFixed(1));
  throw new Unavailable(`needs ${needed} GB of free space in ${folder}, and ${free} GB are free`);
}

function writeRandomFile(path, bytes) {
  needSpace(join(path, '..'), 2 * bytes);
  const block = Buffer.allocUnsafe(BLOCK);
  const file = openSync(path, 'w');
  for (let left = bytes; left > 0; left -= BLOCK) {
    writeSync(file, randomFillSync(block), 0, Math.min(left, BLOCK));
  }
  closeSync(file);
  return path;
}

export function emptyFolder(path) {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
}
