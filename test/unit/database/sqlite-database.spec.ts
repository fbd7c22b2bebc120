import { stat } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import type Database from 'better-sqlite3';
import type { DataSource } from 'typeorm';
import type { SqlDatabase } from '../../../src/database/sql-database.js';
import { sql, type SqlStatement } from '../../../src/database/sql.js';
import { ofKind } from '../of-kind.js';
import { TemporaryDatabase } from './temporary-database.js';

let temporary: TemporaryDatabase;
let source: DataSource;
let database: SqlDatabase;
let connection: Database.Database;

beforeEach(async () => {
  temporary = new TemporaryDatabase();
  ({ source, database, connection } = await temporary.connect());
  await source.query('CREATE TABLE things (name TEXT PRIMARY KEY, value TEXT)');
});

afterEach(async () => {
  await temporary.remove();
});

interface Thing {
  readonly name: string;
  readonly value: string | null;
}

const INSERT = sql('INSERT INTO things VALUES (?, ?)');
const NAMES = sql<Pick<Thing, 'name'>>('SELECT name FROM things ORDER BY name');

const inserting = (name: string, value: string | null = null): SqlStatement => INSERT.with(name, value);

async function names(): Promise<string[]> {
  return (await database.read(NAMES)).map(({ name }) => name);
}

/** The disk of the database has room for so many pages more. */
function leavePages(count: number): void {
  const used = Number(connection.pragma('page_count', { simple: true }));
  connection.pragma(`max_page_count = ${String(used + count)}`);
}

describe('a write', () => {
  it('is there when it resolves, for others too, and says how many rows it has changed', async () => {
    const other = await temporary.connect();
    expect(await database.write([inserting('a'), inserting('b')])).toEqual([1, 1]);
    expect(await database.write([sql('DELETE FROM things').with()])).toEqual([2]);
    expect(await database.write([inserting('c')])).toEqual([1]);
    expect(await other.database.read(sql<Thing>('SELECT name, value FROM things'))).toEqual([
      { name: 'c', value: null },
    ]);
  });

  it('is all of its statements or none', async () => {
    await database.write([inserting('b')]);
    const writing = database.write([inserting('a'), inserting('b'), inserting('c')]);
    await expect(writing).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT_PRIMARYKEY' });
    expect(await names()).toEqual(['b']);
  });

  it.each([1, 2])(
    'that fails at statement %d takes only itself back, of those of one turn',
    async (failing) => {
      await database.write([inserting('x')]);
      const bad = failing === 1 ? [inserting('x')] : [inserting('y'), inserting('x')];
      const outcomes = await Promise.allSettled([
        database.write([inserting('a')]),
        database.write(bad),
        database.write([inserting('b'), inserting('c')]),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(await names()).toEqual(['a', 'b', 'c', 'x']);
    },
  );

  it('that is no SQL fails, and disturbs none beside it', async () => {
    const outcomes = await Promise.allSettled([
      database.write([sql('NONSENSE').with()]),
      database.write([inserting('a')]),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(await names()).toEqual(['a']);
  });

  it('of many in one turn is committed with them, and another turn by itself', async () => {
    const log = `${temporary.path}-wal`;
    await source.query('PRAGMA wal_checkpoint(TRUNCATE)');
    await Promise.all(Array.from({ length: 100 }, (_, i) => database.write([inserting(`one ${String(i)}`)])));
    const together = (await stat(log)).size;
    await source.query('PRAGMA wal_checkpoint(TRUNCATE)');
    for (let i = 0; i < 100; i++) await database.write([inserting(`two ${String(i)}`)]);
    expect(await names()).toHaveLength(200);
    // Each commit writes whole pages to the log.
    expect((await stat(log)).size).toBeGreaterThan(10 * together);
  });

  it('sees what was written before it in the same turn', async () => {
    const both = await Promise.all([
      database.write([inserting('a', '1')]),
      database.write([sql("UPDATE things SET value = '2' WHERE name = 'a'").with()]),
    ]);
    expect(both).toEqual([[1], [1]]);
    expect(await database.read(sql<Pick<Thing, 'value'>>('SELECT value FROM things'))).toEqual([
      { value: '2' },
    ]);
  });

  it("joins no transaction of TypeORM's, and outlives one that is taken back", async () => {
    const transaction = source
      .transaction(async (manager) => {
        await manager.query("INSERT INTO things VALUES ('theirs', NULL)");
        await setTimeout(50);
        throw new Error('taken back');
      })
      .catch(() => undefined);
    await setTimeout(10);
    await database.write([inserting('ours')]);
    await transaction;
    expect(await names()).toEqual(['ours']);
  });

  it('to a full disk is NoSpace, takes everything back, and works again when there is space', async () => {
    leavePages(4);
    const large = 'x'.repeat(100_000);
    await expect(database.write([inserting('a'), inserting('large', large)])).rejects.toThrow(
      ofKind('NoSpace'),
    );
    expect(await names()).toEqual([]);
    await database.write([inserting('small')]);
    connection.pragma('max_page_count = 1000000');
    await database.write([inserting('large', large)]);
    expect(await names()).toEqual(['large', 'small']);
  });

  it('to a full disk fails alone or with all of its turn, and leaves nothing in between', async () => {
    leavePages(4);
    const outcomes = await Promise.allSettled([
      database.write([inserting('a')]),
      database.write([inserting('large', 'x'.repeat(100_000))]),
      database.write([inserting('b')]),
    ]);
    const stored = ['a', 'large', 'b'].filter((_, i) => outcomes[i]?.status === 'fulfilled');
    expect(await names()).toEqual(stored.sort());
    expect(outcomes[1].status).toBe('rejected');
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toEqual(ofKind('NoSpace'));
  });

  it('to a database that may not be written is Unavailable, and so is nothing else', async () => {
    connection.pragma('query_only = ON');
    await expect(database.write([inserting('a')])).rejects.toThrow(ofKind('Unavailable'));
    connection.pragma('query_only = OFF');
    await database.write([inserting('a')]);
    expect(await names()).toEqual(['a']);
  });

  it("leaves the durability of TypeORM's writes as it was", async () => {
    await database.write([inserting('a')]);
    await database.write([inserting('a')]).catch(() => undefined);
    expect(await source.query('PRAGMA synchronous')).toEqual([{ synchronous: 2 }]);
    expect(connection.pragma('synchronous', { simple: true })).toBe(1); // its log is synced later
  });
});

describe('a read', () => {
  it('gives rows by their columns, and takes values', async () => {
    await database.write([inserting('a', '1'), inserting('b', '2')]);
    expect(await database.read(sql<Thing>('SELECT * FROM things WHERE name > ?'), 'a')).toEqual([
      { name: 'b', value: '2' },
    ]);
  });

  it('of what is no table fails as what SQLite said', async () => {
    await expect(database.read(sql('SELECT * FROM no_things'))).rejects.toThrow('no such table');
  });
});
