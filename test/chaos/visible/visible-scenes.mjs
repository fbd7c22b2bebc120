import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { smallDisk } from '../disk/disk-mount.mjs';
import { FAULTS, FAULT_NAMES } from '../faults/fault-proxy-faults.mjs';
import { faultProxy } from '../faults/fault-proxy.mjs';
import { Bucket } from '../support/bucket.mjs';
import { startOwnPostgres } from '../support/cluster/own-postgres.mjs';

/** @import { FaultName } from '../faults/fault-proxy-faults.mjs' */
/** @import { Minio } from '../support/bucket.mjs' */

/**
 * A fault that can be caused and ended.
 *
 * @typedef {object} Scene
 * @property {Record<string, string>} settings of the server
 * @property {() => void | Promise<void>} cause
 * @property {() => void | Promise<void>} mend
 * @property {() => void | Promise<void>} close
 */
/**
 * @typedef {object} Fault
 * @property {string} name
 * @property {'storage' | 'disk' | 'database'} check of `/ready`, which tells it
 * @property {boolean} [isSlow] The service goes on, only slower.
 * @property {boolean} [long] Only the command has it.
 * @property {(place: Place) => Promise<Scene>} open
 */
/** @typedef {{ folder: string, minio: Minio }} Place `folder` is the scene's own. */

const BUCKET = 'visible';
const DISK_MEBIBYTES = 40;
/** Less than DISK_MIN_FREE_MIB, and more than an upload of the run. */
const LEFT_BYTES = 4 * 1024 * 1024;
/** Takes the lock, says so, and keeps it until its input ends. */
const LOCKER = `
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
`;

/** @type {Readonly<Partial<Record<FaultName, string>>>} */
const SHORT = {
  'cut before': 'the store closes every connection',
  stall: 'the store does not answer',
  slow: 'the store is slow',
  'wrong key': 'the store refuses the key',
};

/** @type {readonly Fault[]} */
export const ALL_FAULTS = [
  ...FAULT_NAMES.filter((fault) => FAULTS[fault].midBody !== true).map(storeFault),
  { name: 'the disk of the files is almost full', check: 'disk', open: fullDisk },
  { name: 'the disk of the files has no inode left', check: 'disk', long: true, open: disksWithoutInodes },
  { name: 'the disk of the files is read-only', check: 'disk', open: readOnlyDisk },
  { name: 'the disk of the database is full', check: 'database', open: fullDatabaseDisk },
  { name: 'SQLite is locked by another process', check: 'database', open: lockedDatabase },
  { name: 'PostgreSQL is away', check: 'database', open: awayPostgres },
];

/**
 * @param {FaultName} fault
 * @returns {Fault}
 */
function storeFault(fault) {
  const name = SHORT[fault] ?? `the store: ${fault}`;
  return {
    name,
    check: 'storage',
    isSlow: FAULTS[fault].mild === true,
    long: SHORT[fault] === undefined,
    open: (place) => brokenStore(fault, place),
  };
}

/**
 * @param {FaultName} fault
 * @param {Place} place
 * @returns {Promise<Scene>}
 */
async function brokenStore(fault, { minio, folder }) {
  await new Bucket(minio, BUCKET).make();
  const proxy = faultProxy(minio.endpoint);
  return {
    settings: {
      INTERNAL_STORAGE_URL: `s3://${BUCKET}${folder}/`,
      INTERNAL_STORAGE_ENDPOINT_URL: await proxy.listen(),
      INTERNAL_STORAGE_ACCESS_KEY_ID: minio.accessKeyId,
      INTERNAL_STORAGE_SECRET_ACCESS_KEY: minio.secretAccessKey,
    },
    cause: () => proxy.strike(fault),
    mend: () => proxy.strike(undefined),
    close: () => proxy.close(),
  };
}

/** @returns {Promise<Scene>} */
async function fullDisk() {
  const disk = smallDisk(DISK_MEBIBYTES);
  return filesOn(disk, { cause: () => disk.fill(LEFT_BYTES), mend: () => disk.makeRoom() });
}

/** @returns {Promise<Scene>} */
async function disksWithoutInodes() {
  const disk = smallDisk(DISK_MEBIBYTES);
  return filesOn(disk, { cause: () => disk.takeInodes(), mend: () => disk.giveInodes() });
}

/** @returns {Promise<Scene>} */
async function readOnlyDisk() {
  const disk = smallDisk(DISK_MEBIBYTES);
  return filesOn(disk, { cause: () => disk.remount('ro'), mend: () => disk.remount('rw') });
}

/**
 * @param {ReturnType<typeof smallDisk>} disk
 * @param {Pick<Scene, 'cause' | 'mend'>} fault
 * @returns {Scene}
 */
function filesOn(disk, fault) {
  return {
    settings: { INTERNAL_STORAGE_URL: `fs://${join(disk.folder, 'internal')}/` },
    ...fault,
    close: () => disk.close(),
  };
}

/** @returns {Promise<Scene>} */
async function fullDatabaseDisk() {
  const disk = smallDisk(DISK_MEBIBYTES);
  return {
    settings: { DATABASE_URL: `sqlite:${join(disk.folder, 'stagedoor.db')}` },
    cause: () => disk.fill(0),
    mend: () => disk.makeRoom(),
    close: () => disk.close(),
  };
}

/**
 * @param {Place} place
 * @returns {Promise<Scene>}
 */
async function lockedDatabase({ folder }) {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'locked.db');
  /** @type {import('node:child_process').ChildProcessWithoutNullStreams | undefined} */
  let locker;
  const mend = () => void locker?.kill();
  return {
    settings: { DATABASE_URL: `sqlite:${path}` },
    async cause() {
      locker = spawn('python3', ['-c', LOCKER, path]);
      await once(locker.stdout, 'data');
    },
    mend,
    close: mend,
  };
}

/** @returns {Promise<Scene>} */
async function awayPostgres() {
  const postgres = await startOwnPostgres();
  return {
    settings: { DATABASE_URL: await postgres.create('visible') },
    cause: () => postgres.stop('fast'),
    mend: () => postgres.start(),
    close: () => postgres.remove(),
  };
}
