import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { onInterruption } from '../../../scripts/lib/interruption.mjs';

const FILLER = 'filler';
const REMOUNT_ATTEMPTS = 40;

/** @typedef {ReturnType<typeof smallDisk>} SmallDisk */

/** To mount a tmpfs takes root, and a container that allows it. */
export function canMount() {
  const folder = mkdtempSync(join(tmpdir(), 'stagedoor-mount-'));
  const mounted = run('mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder) === undefined;
  if (mounted) run('umount', folder);
  rmdirSync(folder);
  return mounted;
}

/**
 * A disk of so many MiB, which can be filled and made read-only. It goes at `close()` and when the process ends.
 * @param {number} mebibytes
 */
export function smallDisk(mebibytes) {
  const folder = mkdtempSync(join(tmpdir(), 'stagedoor-disk-'));
  const failure = run('mount', '-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder);
  if (failure !== undefined) throw new Error(`mount: ${failure}`);
  const tearDown = () => {
    // Lazy, because the server of an interrupted run may still hold its database open.
    run('umount', '--lazy', folder);
    rmdirSync(folder);
  };
  const callOff = onInterruption(tearDown);
  const filler = join(folder, FILLER);
  return {
    folder,
    free: () => freeBytes(folder),
    /**
     * Takes up the disk but for so many bytes.
     *
     * @param {number} leave
     */
    fill(leave) {
      rmSync(filler, { force: true });
      writeFileSync(filler, Buffer.alloc(Math.max(0, freeBytes(folder) - leave)));
    },
    /** Leaves no inode for another file. */
    takeInodes: () => mustRun('mount', '-o', `remount,nr_inodes=${String(usedInodes(folder))}`, folder),
    giveInodes: () => mustRun('mount', '-o', 'remount,nr_inodes=0', folder),
    makeRoom: () => rmSync(filler, { force: true }),
    remount: (/** @type {'ro' | 'rw'} */ mode) => remount(folder, mode),
    /** Every file on it, but for the filler and those of the database. */
    files: () => filesBelow(folder).filter((name) => name !== FILLER && !/^stagedoor\.db|\.key$/.test(name)),
    close() {
      callOff();
      tearDown();
    },
  };
}

/** @param {string} folder */
function freeBytes(folder) {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** @param {string} folder */
function usedInodes(folder) {
  const { files, ffree } = statfsSync(folder);
  return files - ffree;
}

/**
 * Not while a file is open for writing: the server may just be closing one.
 * @param {string} folder
 * @param {'ro' | 'rw'} mode
 */
async function remount(folder, mode) {
  for (let attempt = 1; ; attempt += 1) {
    const failure = run('mount', '-o', `remount,${mode}`, folder);
    if (failure === undefined) return;
    if (attempt === REMOUNT_ATTEMPTS) throw new Error(`remount: ${failure}`);
    await delay(50);
  }
}

/** @param {string} folder */
function filesBelow(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  return files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort();
}

/**
 * @param {string} command
 * @param {...string} args
 */
function mustRun(command, ...args) {
  const failure = run(command, ...args);
  if (failure !== undefined) throw new Error(`${command} ${args.join(' ')}: ${failure}`);
}

/**
 * @param {string} command
 * @param {...string} args
 */
function run(command, ...args) {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
}
