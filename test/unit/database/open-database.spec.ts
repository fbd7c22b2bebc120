import { closeSync, openSync, readFileSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { createDataSource } from '../../../src/database/data-source.js';
import { DatabaseError } from '../../../src/database/database-error.js';
import { openDatabase } from '../../../src/database/open-database.js';
import { startProblem } from '../../../src/database/sqlite/sqlite-start-problem.js';
import { TemporaryDatabase } from './temporary-database.js';

let temporary: TemporaryDatabase;
let path: string;

beforeEach(async () => {
  temporary = new TemporaryDatabase();
  path = temporary.path;
  const { source, database } = await temporary.connect();
  await source.query(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
INSERT INTO ended_sessions SELECT 'session ' || i, '2030' FROM n`);
  await database.close();
  await source.destroy(); // the last one: everything is in the file itself now
});

afterEach(async () => {
  await temporary.remove();
});

async function refusal(options?: { readonly migrates: boolean }): Promise<string> {
  try {
    const source = await openDatabase({ kind: 'sqlite', path }, options);
    await source.destroy();
    return 'it was opened';
  } catch (error) {
    expect(error).toBeInstanceOf(DatabaseError);
    return (error as DatabaseError).message; // as just expected
  }
}

function flip(offset: number): void {
  const byte = readFileSync(path)[offset] ?? 0;
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.of(byte ^ 0xff), 0, 1, offset);
  closeSync(file);
}

/** A database of another program. @returns its path. */
async function another(sql: string): Promise<string> {
  const file = `${path}.another`;
  const source = await createDataSource({ kind: 'sqlite', path: file });
  await source.initialize();
  await source.query(sql);
  await source.destroy();
  return file;
}

async function change(sql: string): Promise<void> {
  const { source, database } = await temporary.connect();
  await source.query(sql);
  await database.close();
  await source.destroy();
}

describe('a database is refused in one sentence that says what to do', () => {
  it('where it is no database', async () => {
    writeFileSync(path, 'no database at all, but long enough to look at. '.repeat(100));
    expect(await refusal()).toMatch(
      /^The database .+ is damaged \(SQLITE_NOTADB\)\. Put a backup .+ restore/,
    );
  });

  it('where it was cut', async () => {
    truncateSync(path, Math.floor(statSync(path).size / 2));
    expect(await refusal()).toMatch(
      / is damaged \(.+\)\. Put a backup in its place: npm run admin -- restore/,
    );
  });

  it('where a page of a table is damaged', async () => {
    flip(statSync(path).size - 4096); // the first byte of the last page says what the page is
    expect(await refusal()).toMatch(/ is damaged \(.+\)\. Put a backup in its place/);
  });

  it('where a newer version made it', async () => {
    await change("INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'FromTheFuture')");
    expect(await refusal()).toMatch(
      /newer version.+FromTheFuture\. Start that version, or restore the backup/,
    );
  });

  it.each([
    ['users', 'CREATE TABLE users (a)'],
    ['migrations', 'CREATE TABLE migrations (a)'],
    ['migrations', "CREATE TABLE migrations AS SELECT 1 AS id, 1 AS timestamp, 'Another1' AS name"],
  ])('where another program has a table %s: %s', async (table, sql) => {
    path = await another(sql);
    expect(await refusal()).toMatch(
      new RegExp(`^The database .+ another program: its table ${table} .+ DATABASE_URL\\.$`),
    );
  });

  it('where an older version made it, and it may not be changed', async () => {
    await change('DELETE FROM migrations WHERE id = (SELECT max(id) FROM migrations)');
    expect(await refusal({ migrates: false })).toMatch(/older version\. Run the command by the version/);
  });

  it.each([
    ['SQLITE_BUSY', /locked by another process for 10 seconds .+ End that process: fuser/],
    ['SQLITE_READONLY', /cannot be opened for writing .+ \(chown\)/],
    ['SQLITE_READONLY_DIRECTORY', /cannot be opened for writing .+ \(chown\)/],
    ['SQLITE_CANTOPEN', /cannot be opened for writing .+ \(chown\)/],
    ['EACCES', /cannot be opened for writing .+ \(chown\)/],
    ['SQLITE_FULL', /no space left .+ Make room/],
    ['SQLITE_IOERR_SHMSIZE', /no space left .+ Make room/],
    ['SQLITE_IOERR_READ', /cannot be read or written .+ Look at its disk/],
  ])('where the system says %s', (code, sentence) => {
    const found = startProblem(Object.assign(new Error('of SQLite'), { code }), '/data/stagedoor.db');
    expect(found).toMatchObject({ message: expect.stringMatching(sentence) as string });
    expect((found as Error).message).not.toContain('\n'); // of `startProblem`
  });
});

it.each([
  ['other tables', 'CREATE TABLE another (a)'],
  ['a table of migrations without one', 'CREATE TABLE migrations (id INTEGER PRIMARY KEY, timestamp, name)'],
])('a database with %s alone is opened', async (_name, sql) => {
  path = await another(sql);
  expect(await refusal()).toBe('it was opened');
});

it('what is whole and of this version is opened, however often', async () => {
  expect(await refusal()).toBe('it was opened');
  expect(await refusal({ migrates: false })).toBe('it was opened');
});
