import { statSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { SqlDatabase } from '../../../src/database/sql-database.js';
import { sql } from '../../../src/database/sql.js';
import { TemporaryDatabase } from './temporary-database.js';

let temporary: TemporaryDatabase;
let database: SqlDatabase;
/** Inodes of the files that were synced, by the calls that really went to the system. */
let synced: number[];
let restore: () => void;

beforeEach(async () => {
  temporary = new TemporaryDatabase();
  ({ database } = await temporary.connect());
  synced = [];
  const handle = await open(temporary.folder, 'r');
  const prototype = Object.getPrototypeOf(handle) as FileHandle; // of the class that Node does not export
  await handle.close();
  const original = Object.getOwnPropertyDescriptor(prototype, 'datasync')?.value as (
    this: FileHandle,
  ) => Promise<void>;
  prototype.datasync = async function (this: FileHandle) {
    await original.call(this);
    synced.push((await this.stat()).ino);
  };
  restore = () => {
    prototype.datasync = original;
  };
});

afterEach(async () => {
  restore();
  await temporary.remove();
});

function inodeOfLog(): number {
  return statSync(join(temporary.folder, 'stages.db-wal')).ino;
}

const WRITE = [sql('PRAGMA user_version = 7').with()];

it("a commit's log is synced within half a second, and once for many", async () => {
  for (let i = 0; i < 5; i++) await database.write(WRITE);
  const log = inodeOfLog();
  expect(synced).toEqual([]);
  await setTimeout(900);
  expect(synced).toEqual([log]);
});

it('what was committed just before the end is synced at the end', async () => {
  await database.write(WRITE);
  const log = inodeOfLog();
  await database.onApplicationShutdown();
  expect(synced).toEqual([log]);
  await database.onApplicationShutdown();
  expect(synced).toHaveLength(1);
});
