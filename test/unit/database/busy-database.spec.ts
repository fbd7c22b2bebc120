import { stat } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import type Database from 'better-sqlite3';
import type { DataSource } from 'typeorm';
import type { SqlDatabase } from '../../../src/database/sql-database.js';
import { sql, type SqlStatement } from '../../../src/database/sql.js';
import { sqliteDriver } from '../../../src/database/sqlite/sqlite-driver.js';
import { WriteProbe } from '../../../src/database/write-probe.js';
import { ofKind } from '../of-kind.js';
import { TemporaryDatabase } from './temporary-database.js';

let temporary: TemporaryDatabase;
let source: DataSource;
let database: SqlDatabase;
let connection: Database.Database;
let other: Database.Database;

beforeEach(async () => {
  temporary = new TemporaryDatabase();
  ({ source, database, connection } = await temporary.connect());
  await source.query('CREATE TABLE things (name TEXT PRIMARY KEY)');
  other = new (sqliteDriver())(temporary.path, { timeout: 0 });
});

afterEach(async () => {
  other.close();
  await temporary.remove();
});

const INSERT = sql('INSERT INTO things VALUES (?)');
const INSERT_LARGE = sql('INSERT INTO large VALUES (?)');
const THINGS = sql<{ readonly name: string }>('SELECT * FROM things');

const inserting = (name: string): SqlStatement => INSERT.with(name);

/** The longest time in which the event loop did not come round while something ran. */
async function longestStop(run: () => Promise<unknown>): Promise<number> {
  const done = new AbortController();
  let last = performance.now();
  let longest = 0;
  const watching = (async () => {
    while (!done.signal.aborted) {
      await setTimeout(5);
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }
  })();
  await run();
  done.abort();
  await watching;
  return longest;
}

describe.each(['IMMEDIATE', 'EXCLUSIVE'])('while another process has the lock, by BEGIN %s', (kind) => {
  beforeEach(() => {
    other.exec(`BEGIN ${kind}`);
  });

  it('a write waits without holding the event loop, and is done when the lock is free', async () => {
    const stop = await longestStop(async () => {
      const writes = Promise.all([
        database.write([inserting('ours')]),
        source.query("INSERT INTO things VALUES ('catalog')"),
      ]);
      await setTimeout(700);
      expect(await database.read(THINGS)).toEqual([]);
      expect(await source.query('SELECT * FROM things')).toEqual([]);
      other.exec('COMMIT');
      await writes;
    });
    expect(stop).toBeLessThan(300);
    expect(await database.read(THINGS)).toHaveLength(2);
  });

  it('a write that has waited for its time is Unavailable, and has changed nothing', async () => {
    await expect(database.write([inserting('late')], 100)).rejects.toEqual(
      ofKind('Unavailable', {
        message: expect.stringMatching(/is locked by another process: try again/) as string,
      }),
    );
    const patient = database.write([inserting('patient')]);
    await expect(database.write([inserting('late')], 50)).rejects.toEqual(ofKind('Unavailable'));
    other.exec('COMMIT');
    await patient;
    expect(await database.read(THINGS)).toEqual([{ name: 'patient' }]);
  });

  it('a write waits for its own time, however long others wait that came before it', async () => {
    const patient = database.write([inserting('patient')]);
    await setTimeout(50); // another turn of the event loop
    const began = performance.now();
    const late = database.write([inserting('late')], 100).catch((error: unknown) => error);
    const outcome = await Promise.race([late, setTimeout(3_000, 'it still waits')]);
    other.exec('COMMIT');
    await patient;
    expect(outcome).toEqual(ofKind('Unavailable'));
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(await database.read(THINGS)).toEqual([{ name: 'patient' }]);
  });

  it('the service is not ready, and is again a moment after', async () => {
    const probe = new WriteProbe(database);
    await expect(probe.check()).rejects.toEqual(ofKind('Unavailable'));
    await expect(probe.check()).rejects.toEqual(ofKind('Unavailable'));
    other.exec('COMMIT');
    await setTimeout(1_000);
    await probe.check();
  });
});

it('the service is not ready where the database can be read and not written', async () => {
  const probe = new WriteProbe(database);
  await probe.check();
  await source.query('PRAGMA query_only = ON');
  connection.pragma('query_only = ON');
  await setTimeout(1_000);
  expect(await source.query('SELECT 1')).toHaveLength(1);
  expect(await database.read(sql('SELECT 1'))).toHaveLength(1);
  await expect(source.query("INSERT INTO things VALUES ('a')")).rejects.toEqual(ofKind('Unavailable'));
  await expect(database.write([inserting('a')])).rejects.toEqual(ofKind('Unavailable'));
  await expect(probe.check()).rejects.toEqual(ofKind('Unavailable'));
});

it('probes that come together are one write', async () => {
  const log = `${temporary.path}-wal`;
  const probe = new WriteProbe(database);
  await probe.check();
  const { size } = await stat(log);
  await Promise.all(Array.from({ length: 20 }, () => probe.check()));
  expect((await stat(log)).size).toBe(size);
});

it('the log shrinks when a long reader has gone', async () => {
  const log = `${temporary.path}-wal`;
  await source.query('CREATE TABLE large (content TEXT)');
  other.exec('BEGIN');
  other.prepare('SELECT * FROM things').all();
  for (let i = 0; i < 40; i++) {
    await database.write([INSERT_LARGE.with('x'.repeat(1024 * 1024))]);
  }
  expect((await stat(log)).size).toBeGreaterThan(40 * 1024 * 1024);
  other.exec('COMMIT');
  for (const name of ['a', 'b', 'c']) await database.write([inserting(name)]);
  expect((await stat(log)).size).toBeLessThanOrEqual(16 * 1024 * 1024);
});
