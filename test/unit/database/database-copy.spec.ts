import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { jest } from '@jest/globals';
import type { DatabaseConfig } from '../../../src/config/database-config.js';
import {
  DatabaseCopy,
  type CopiedRows,
  type CopyProgress,
} from '../../../src/database/copy/database-copy.js';
import { insertion, type Row, type RowReader } from '../../../src/database/copy/table-rows.js';
import { TABLES, type CopiedTable } from '../../../src/database/copy/tables.js';
import { markFinished, markUnfinished } from '../../../src/database/copy/unfinished-copy.js';
import { openDatabase, openSqlDatabase } from '../../../src/database/open-database.js';
import { PostgresSnapshot } from '../../../src/database/postgres/postgres-snapshot.js';
import type { SqlDatabase } from '../../../src/database/sql-database.js';
import { sql, type SqlValue } from '../../../src/database/sql.js';
import { describeWithPostgres, newPostgresUrl } from '../../support/test-database.js';
import { ofKind } from '../of-kind.js';
import { endSessions, postgresConfig } from './temporary-postgres.js';

const [SQLITE, POSTGRES] = ['SQLite', 'PostgreSQL'] as const;
type Kind = typeof SQLITE | typeof POSTGRES;

/** More than two batches. */
const MANY = 1_201;
const ODD_TEXTS = [
  'plain',
  '',
  "it's",
  '"double" and `back`',
  '$1 ? :name \\ % _',
  'emoji \u{1F600}\u{1F468}\u200D\u{1F469}',
  '\uFFFD\uFEFF\u2028é e\u0301',
  'line\r\nbreak\ttab\u0001\u007F',
  ' spaces ',
  'NULL',
  'long '.repeat(50_000),
];
/** Columns that may hold null, and hold it in every third row. */
const NULLABLE = new Set([
  'password_hash',
  'failure',
  'ended_at',
  'idempotency_key',
  'request_digest',
  'answer',
  'md5',
  'content_type',
  'scope',
  'expires_on',
  'last_used_on',
  'path',
  'detail',
]);
/** Columns besides the key and the name that no two rows share. */
const UNIQUE = new Set(['name', 'idempotency_key', 'digest']);
/** Roles that each database has from its migrations. */
const BUILT_IN_ROLES = 2;
/** Columns that no index has: it would have a limit. */
const LONG = new Set([
  'sealed_options',
  'sealed_connection',
  'file_format',
  'comment',
  'files',
  'answer',
  'leftover',
  'detail',
]);
/** Columns of 64 bits. */
const WHOLE_NUMBER = /^(?:size|bytes|count|(?:received|expected|quota|used|outside)_(?:bytes|files))$/;
const SHORT_LENGTH = 100;

let folder: string;
let opened: SqlDatabase[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stagedoor-copy-'));
  opened = [];
});

afterEach(async () => {
  for (const database of opened) await database.close();
  rmSync(folder, { recursive: true });
});

async function newConfig(kind: Kind): Promise<DatabaseConfig> {
  if (kind === POSTGRES) return postgresConfig(await newPostgresUrl());
  return { kind: 'sqlite', path: join(folder, `${String(opened.length)}.db`) };
}

async function open(config: DatabaseConfig): Promise<SqlDatabase> {
  await (await openDatabase(config, { migrates: true, mayBeUnfinished: true })).destroy();
  const database = await openSqlDatabase(config);
  opened.push(database);
  return database;
}

const empty = async (kind: Kind): Promise<SqlDatabase> => open(await newConfig(kind));

function valueOf(column: string, at: number): SqlValue {
  if (column.startsWith('is_') || column === 'must_change_password') return at % 2;
  if (column === 'replaces' || column === 'commits') return at % 2;
  if (WHOLE_NUMBER.test(column)) return at % 3 === 0 ? Number.MAX_SAFE_INTEGER : at;
  if (NULLABLE.has(column) && at % 3 === 0) return null;
  const text = ODD_TEXTS[at % ODD_TEXTS.length] ?? '';
  return LONG.has(column) ? text : text.slice(0, SHORT_LENGTH);
}

/** What tells rows apart differs in its last letters, so that a row is odd in its key too. */
function rowsFor({ key, columns }: CopiedTable, count: number): Row[] {
  return Array.from({ length: count }, (_, at) =>
    columns.map((column) => {
      const value = valueOf(column, at);
      const isUnique = key.includes(column) || column === 'id' || UNIQUE.has(column);
      return isUnique && value !== null ? `${String(value)} ${String(at)}` : value;
    }),
  );
}

async function fill(database: SqlDatabase): Promise<void> {
  for (const table of TABLES) {
    const rows = rowsFor(table, table.name === 'stored_files' ? MANY : 25);
    for (let at = 0; at < rows.length; at += 200)
      await database.write([insertion(table, rows.slice(at, at + 200))]);
  }
}

/** Every value of every table, booleans as SQLite has them. */
async function contentOf(database: RowReader): Promise<readonly (readonly unknown[])[]> {
  const content = [];
  for (const { name, columns, key } of TABLES) {
    const all = sql<Row>(`SELECT ${columns.join(', ')} FROM ${name} ORDER BY ${key.join(', ')}`);
    content.push((await database.readRows(all)).map((row) => row.map((value) => plain(value))));
  }
  return content;
}

const plain = (value: unknown): unknown => (typeof value === 'boolean' ? Number(value) : value);

async function countIn(database: SqlDatabase, table = 'stored_files'): Promise<number> {
  const [row] = await database.readRows(sql<readonly [number]>(`SELECT count(*) FROM ${table}`));
  return row?.[0] ?? 0;
}

/** A reader that fails after so many reads. */
function failingAfter(reads: number, source: SqlDatabase): RowReader {
  let left = reads;
  return {
    readRows: async (query, ...values) => {
      if (left-- === 0) throw new Error('the power is cut');
      return source.readRows(query, ...values);
    },
  };
}

/** With which read the rows of the last table come. */
async function readsUntil(source: SqlDatabase, rows: number): Promise<number> {
  const target = await empty(SQLITE);
  let reads = 0;
  let found = 0;
  const counting: RowReader = {
    readRows: async (query, ...values) => {
      reads++;
      if (found === 0 && (await countIn(target)) >= rows) found = reads - 1;
      return source.readRows(query, ...values);
    },
  };
  await new DatabaseCopy(counting, target).run();
  return found;
}

const PAIRS: readonly (readonly [Kind, Kind])[] = [
  [SQLITE, POSTGRES],
  [POSTGRES, SQLITE],
  [POSTGRES, POSTGRES],
  [SQLITE, SQLITE],
];

describeWithPostgres.each(PAIRS)('a copy of %s into %s', (from, to) => {
  let source: SqlDatabase;
  let target: SqlDatabase;

  beforeEach(async () => {
    source = await empty(from);
    target = await empty(to);
    await fill(source);
  });

  it('holds every row as it was, and leaves the original as it is', async () => {
    const before = await contentOf(source);
    const tables = await new DatabaseCopy(source, target).run();
    expect(await contentOf(target)).toEqual(before);
    expect(await contentOf(source)).toEqual(before);
    const counts: Readonly<Record<string, number>> = { stored_files: MANY, roles: 25 + BUILT_IN_ROLES };
    expect(tables.map(({ table, rows }) => [table, rows])).toEqual(
      TABLES.map(({ name }) => [name, counts[name] ?? 25]),
    );
    for (const { sha256 } of tables) expect(sha256).toMatch(/^[\da-f]{64}$/);
  });

  it('that was interrupted goes on where it was', async () => {
    const reads = await readsUntil(source, 500);
    await expect(new DatabaseCopy(failingAfter(reads, source), target).run()).rejects.toThrow(
      'the power is cut',
    );
    const there = await countIn(target);
    expect(there).toBeGreaterThanOrEqual(500);
    expect(there).toBeLessThan(MANY);
    const writing = jest.spyOn(target, 'write');
    await new DatabaseCopy(source, target).run();
    const written = writing.mock.calls.flatMap(([statements]) => statements);
    const inserted = written.filter(({ sql: { text } }) => text.startsWith('INSERT INTO stored_files'));
    const values = inserted.reduce((sum, statement) => sum + statement.values.length, 0);
    const { columns } = TABLES.at(-1) ?? { columns: [] };
    expect(values).toBe((MANY - there) * columns.length);
    expect(await contentOf(target)).toEqual(await contentOf(source));
  });

  it('that is run again writes no row, and finds the same', async () => {
    const first = await new DatabaseCopy(source, target).run();
    const writing = jest.spyOn(target, 'write');
    expect(await new DatabaseCopy(source, target).run()).toEqual(first);
    expect(writing).toHaveBeenCalledTimes(2); // marks the target, and removes the mark
  });

  it('brings the built-in roles of the original, whenever those of the target were made', async () => {
    const change = "UPDATE roles SET comment = 'for all', created_on = '2026-01-01' WHERE id = 'public'";
    await source.write([sql(change).with()]);
    await new DatabaseCopy(source, target).run();
    const roles = sql<Row>("SELECT comment, created_on FROM roles WHERE id = 'public'");
    expect(await target.readRows(roles)).toEqual([['for all', '2026-01-01']]);
    await target.write([sql("UPDATE roles SET comment = 'for some' WHERE id = 'public'").with()]);
    await expect(new DatabaseCopy(source, target).run()).rejects.toThrow(
      /^The table roles of the target holds 27 rows that are not the first ones of the source/,
    );
  });

  it('into a database with other rows is refused before anything is written', async () => {
    const [last] = TABLES.slice(-1);
    if (last === undefined) throw new TypeError('no table');
    const other = rowsFor(last, 1).map((row) => ['another store', ...row.slice(1)]);
    await target.write([insertion(last, other)]);
    const before = await contentOf(target);
    await expect(new DatabaseCopy(source, target).run()).rejects.toThrow(
      ofKind('Unavailable', {
        message: expect.stringMatching(
          /^The table stored_files of the target holds 1 rows that are not the first ones of the source\. Copy into an empty database, while no server uses either\.$/,
        ) as string,
      }),
    );
    expect(await contentOf(target)).toEqual(before);
  });

  it('into a database with as many rows, but others, is refused before anything is written', async () => {
    const [users] = TABLES;
    if (users === undefined) throw new TypeError('no table');
    // As where a server has started on the target: its root has another credential.
    const [first] = rowsFor(users, 25).sort(([one], [other]) => (String(one) < String(other) ? -1 : 1));
    const theirs = users.columns.map((column, at) =>
      column === 'credential' ? 'theirs' : (first?.[at] ?? null),
    );
    await target.write([insertion(users, [theirs])]);
    const before = await contentOf(target);
    await expect(new DatabaseCopy(source, target).run()).rejects.toThrow(
      ofKind('Unavailable', { message: expect.stringMatching(/^The table users of the target/) as string }),
    );
    expect(await contentOf(target)).toEqual(before);
  });

  it.each([
    ['uploads', "UPDATE uploads SET state = 'CHANGED' WHERE id = (SELECT min(id) FROM uploads)"],
    ['stored_files', 'UPDATE stored_files SET size = size - 1 WHERE size > 1000000'],
    ['users', 'UPDATE users SET password_hash = NULL'],
  ])('of which rows of %s were changed is found out', async (table, change) => {
    await new DatabaseCopy(source, target).run();
    await target.write([sql(change).with()]);
    await expect(new DatabaseCopy(source, target).run()).rejects.toThrow(
      new RegExp(`^The table ${table} of the target holds .* rows that are not the first ones of the source`),
    );
  });

  it.each([
    ['uploads', "UPDATE uploads SET state = 'CHANGED' WHERE id = (SELECT min(id) FROM uploads)"],
    ['stored_files', 'UPDATE stored_files SET size = size - 1 WHERE size > 1000000'],
  ])('of which rows of %s are changed while it runs is found out', async (table, change) => {
    const write = target.write.bind(target);
    jest.spyOn(target, 'write').mockImplementation(async (statements) => {
      const changes = await write(statements);
      const isLast = statements[0]?.sql.text.startsWith('INSERT INTO stored_files') === true;
      if (isLast) await write([sql(change).with()]);
      return changes;
    });
    await expect(new DatabaseCopy(source, target).run()).rejects.toThrow(
      `The table ${table} of the target has other rows in the end.`,
    );
  });

  it('of an original that gets a row meanwhile is found out', async () => {
    await new DatabaseCopy(source, target).run();
    const [users] = TABLES;
    if (users === undefined) throw new TypeError('no table');
    const first = rowsFor(users, 1).map((row) => ['!', 'id !', ...row.slice(2)]);
    await source.write([insertion(users, first)]);
    await expect(new DatabaseCopy(source, target).run()).rejects.toThrow(/^The table users of the target/);
    const late = await empty(to);
    const write = late.write.bind(late);
    const writes = jest.spyOn(late, 'write');
    // The mark, and the end of the roles that the target has made.
    writes.mockImplementationOnce(write).mockImplementationOnce(write);
    writes.mockImplementationOnce(async (statements) => {
      await source.write([
        insertion(
          users,
          rowsFor(users, 1).map((row) => ['"', 'id "', ...row.slice(2)]),
        ),
      ]);
      return write(statements);
    });
    await expect(new DatabaseCopy(source, late).run()).rejects.toThrow(
      'The table users of the target has another number of rows in the end.',
    );
  });

  it('tells of its progress, up to the last row of each table', async () => {
    const told: CopyProgress[] = [];
    await new DatabaseCopy(source, target).run((progress) => void told.push(progress));
    for (const { name } of TABLES) {
      const ofTable = told.filter(({ table }) => table === name);
      expect(ofTable.at(0)).toMatchObject({ copied: 0 });
      expect(ofTable.at(-1)?.copied).toBe(ofTable.at(-1)?.total);
    }
  });
});

describeWithPostgres('the same rows', () => {
  it('have the same digests on every database, there and back again', async () => {
    const first = await empty(SQLITE);
    await fill(first);
    const copies: (readonly CopiedRows[])[] = [];
    let from: SqlDatabase = first;
    for (const kind of [POSTGRES, POSTGRES, SQLITE] as const) {
      const next = await empty(kind);
      copies.push(await new DatabaseCopy(from, next).run());
      from = next;
    }
    expect(copies[1]).toEqual(copies[0]);
    expect(copies[2]).toEqual(copies[0]);
    expect(await contentOf(from)).toEqual(await contentOf(first));
  });
});

describeWithPostgres('a snapshot of PostgreSQL', () => {
  it('holds the rows of its moment, while others change them', async () => {
    const config = postgresConfig(await newPostgresUrl());
    const database = await open(config);
    await fill(database);
    const before = await contentOf(database);
    const snapshot = await PostgresSnapshot.open(config);
    try {
      await snapshot.readRows(sql<readonly [number]>('SELECT 1'));
      await database.write([sql('DELETE FROM stored_files').with(), sql('DELETE FROM users').with()]);
      expect(await contentOf(snapshot)).toEqual(before);
      const copy = await empty(SQLITE);
      await new DatabaseCopy(snapshot, copy).run();
      expect(await contentOf(copy)).toEqual(before);
    } finally {
      await snapshot.close();
    }
  });

  it('whose session an operator ends is Unavailable from then on', async () => {
    const url = await newPostgresUrl();
    const snapshot = await PostgresSnapshot.open(postgresConfig(url));
    try {
      expect(await endSessions(url)).toBe(1);
      await setTimeout(100); // its end is heard of between two reads
      const reading = snapshot.readRows(sql<readonly [number]>('SELECT 1'));
      await expect(reading).rejects.toThrow(ofKind('Unavailable'));
    } finally {
      await snapshot.close();
    }
  });

  it('of a server that is away is Unavailable', async () => {
    const away = postgresConfig('postgres://nobody@127.0.0.1:1/none', { timeoutSeconds: 1 });
    await expect(PostgresSnapshot.open(away)).rejects.toThrow(ofKind('Unavailable'));
  });
});

describeWithPostgres.each([SQLITE, POSTGRES])('%s with a part of a copy', (kind) => {
  it('lets no server start, and says which command ends it, until it is whole', async () => {
    const config = await newConfig(kind);
    const database = await open(config);
    await markUnfinished(database);
    await markUnfinished(database); // by the copy that goes on
    for (const migrates of [true, false]) {
      await expect(openDatabase(config, { migrates })).rejects.toThrow(
        ofKind('Unavailable', {
          message: expect.stringMatching(
            /^The database .+ holds a part of a copy\. Run again what was interrupted: npm run admin -- copy-database, or restore/,
          ) as string,
        }),
      );
    }
    await markFinished(database);
    await (await openDatabase(config)).destroy();
  });
});
