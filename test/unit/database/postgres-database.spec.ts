import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { DatabaseError } from '../../../src/database/database-error.js';
import { openDatabase, openSqlDatabase } from '../../../src/database/open-database.js';
import type { SqlDatabase } from '../../../src/database/sql-database.js';
import { sql, type Sql, type SqlStatement } from '../../../src/database/sql.js';
import { describeWithPostgres, newPostgresUrl, runOn } from '../../support/test-database.js';
import { ofKind } from '../of-kind.js';
import { endSessions, postgresConfig } from './temporary-postgres.js';

let url: string;
let database: SqlDatabase;
let opened: SqlDatabase[];

beforeAll(() => {
  Logger.overrideLogger(false); // it tells of each connection that a case ends
});

beforeEach(async () => {
  url = await newPostgresUrl();
  await runOn(url, 'CREATE TABLE things (name TEXT PRIMARY KEY, value TEXT, tx TEXT DEFAULT txid_current())');
  opened = [];
  database = await connect();
});

afterEach(async () => {
  for (const each of opened) await each.close();
});

async function connect(settings: Parameters<typeof postgresConfig>[1] = {}): Promise<SqlDatabase> {
  const connected = await openSqlDatabase(postgresConfig(url, settings));
  opened.push(connected);
  return connected;
}

interface Thing {
  readonly name: string;
  readonly value: string | null;
}

const INSERT = sql('INSERT INTO things (name, value) VALUES (?, ?)');
const UPDATE = sql('UPDATE things SET value = ? WHERE name = ?');
const NAMES = sql<Pick<Thing, 'name'>>('SELECT name FROM things ORDER BY name');
const BY_NAME = sql<Thing>('SELECT name, value FROM things WHERE name = ?');
const TRANSACTIONS = sql<readonly [number]>('SELECT count(DISTINCT tx) FROM things');

const inserting = (name: string, value: string | null = null): SqlStatement => INSERT.with(name, value);

async function names(): Promise<string[]> {
  return (await database.read(NAMES)).map(({ name }) => name);
}

async function transactions(): Promise<number> {
  const [row] = await database.readRows(TRANSACTIONS);
  return row?.[0] ?? 0;
}

describeWithPostgres('a write', () => {
  it('is there when it resolves, for others too, and says how many rows it has changed', async () => {
    const other = await connect();
    expect(await database.write([inserting('a'), inserting('b')])).toEqual([1, 1]);
    expect(await database.write([sql('DELETE FROM things').with()])).toEqual([2]);
    expect(await database.write([inserting('c')])).toEqual([1]);
    expect(await other.read(sql<Thing>('SELECT name, value FROM things'))).toEqual([
      { name: 'c', value: null },
    ]);
  });

  it('is all of its statements or none', async () => {
    await database.write([inserting('b')]);
    const writing = database.write([inserting('a'), inserting('b'), inserting('c')]);
    await expect(writing).rejects.toMatchObject({ code: '23505' });
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

  it('of many in one turn is one transaction with them, and another turn is one by itself', async () => {
    await Promise.all(Array.from({ length: 100 }, (_, i) => database.write([inserting(`one ${String(i)}`)])));
    expect(await transactions()).toBe(1);
    for (let i = 0; i < 10; i++) await database.write([inserting(`two ${String(i)}`)]);
    expect(await transactions()).toBe(11);
    expect(await names()).toHaveLength(110);
  });

  it('of very many in one turn holds no row for long: they are several transactions', async () => {
    await Promise.all(Array.from({ length: 500 }, (_, i) => database.write([inserting(String(i))])));
    expect(await transactions()).toBe(3);
  });

  it('sees what was written before it in the same turn', async () => {
    const both = await Promise.all([
      database.write([inserting('a', '1')]),
      database.write([UPDATE.with('2', 'a')]),
      database.write([UPDATE.with('3', 'nobody')]),
    ]);
    expect(both).toEqual([[1], [1], [0]]);
    expect(await database.read(BY_NAME, 'a')).toEqual([{ name: 'a', value: '2' }]);
  });

  it('keeps the order of those of one turn when one of them fails', async () => {
    const outcomes = await Promise.allSettled([
      database.write([inserting('a', '1')]),
      database.write([UPDATE.with('2', 'a')]),
      database.write([inserting('a', 'of the one that fails')]),
      database.write([sql("UPDATE things SET value = value || '3' WHERE name = 'a'").with()]),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(await database.read(BY_NAME, 'a')).toEqual([{ name: 'a', value: '23' }]);
  });

  it('that waits for another, which waits for it, runs again when PostgreSQL has taken it back', async () => {
    await database.write([inserting('a'), inserting('b')]);
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    await other.query("BEGIN; UPDATE things SET value = 'theirs' WHERE name = 'b'");
    const ours = database.write([UPDATE.with('ours', 'a'), UPDATE.with('ours', 'b')]);
    await setTimeout(300); // it waits first, so it is the one that PostgreSQL ends
    await other.query("UPDATE things SET value = 'theirs' WHERE name = 'a'");
    await other.query('COMMIT');
    await other.end();
    expect(await ours).toEqual([1, 1]);
    expect(await database.read(sql('SELECT DISTINCT value FROM things'))).toEqual([{ value: 'ours' }]);
  });

  it('to a server that is read-only is Unavailable, and succeeds as soon as it is not', async () => {
    const name = new URL(url).pathname.slice(1);
    await runOn(url, `ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    await expect(database.write([inserting('a')])).rejects.toThrow(
      ofKind('Unavailable', { message: expect.stringMatching(/read-only replica/) as string }),
    );
    await runOn(
      url,
      'SET default_transaction_read_only = off',
      `ALTER DATABASE ${name} RESET default_transaction_read_only`,
    );
    await database.write([inserting('a')]);
    expect(await names()).toEqual(['a']);
  });

  it('of a text with a NUL is Unstorable, and disturbs none beside it', async () => {
    const outcomes = await Promise.allSettled([
      database.write([inserting('a')]),
      database.write([inserting('with\0NUL')]),
    ]);
    expect(outcomes).toEqual([
      { status: 'fulfilled', value: [1] },
      { status: 'rejected', reason: ofKind('Unstorable') },
    ]);
    expect(await names()).toEqual(['a']);
  });

  it('of a name that is too long for an index is Unstorable', async () => {
    const incompressible = randomBytes(15_000).toString('base64');
    await expect(database.write([inserting(incompressible)])).rejects.toThrow(ofKind('Unstorable'));
    await database.write([inserting('a', incompressible)]);
    expect(await database.read(BY_NAME, 'a')).toEqual([{ name: 'a', value: incompressible }]);
  });

  it.each([
    ['full', 'on'],
    ['relaxed', 'off'],
  ] as const)(
    'of durability %s is committed with synchronous_commit = %s, and the session stays as it was',
    async (durability, setting) => {
      const SET = sql("INSERT INTO things (name, value) VALUES (?, current_setting('synchronous_commit'))");
      const other = await connect({ durability, poolSize: 3 }); // of which TypeORM has two
      await other.write([SET.with('a')]);
      expect(await database.read(BY_NAME, 'a')).toEqual([{ name: 'a', value: setting }]);
      const current = sql<readonly [string]>("SELECT current_setting('synchronous_commit')");
      expect(await other.readRows(current)).toEqual([['on']]);
    },
  );
});

describeWithPostgres('a read', () => {
  it('gives rows by their columns or in their order, and takes values', async () => {
    await database.write([inserting('a', '1'), inserting('b', "it's"), inserting('c')]);
    expect(await database.read(sql<Thing>('SELECT name, value FROM things WHERE name > ?'), 'a')).toEqual([
      { name: 'b', value: "it's" },
      { name: 'c', value: null },
    ]);
    expect(
      await database.readRows(
        sql<readonly [string, string | null]>('SELECT name, value FROM things WHERE value = ? OR name = ?'),
        '1',
        'c',
      ),
    ).toEqual([
      ['a', '1'],
      ['c', null],
    ]);
  });

  it('gives sizes of 64 bits and counts as numbers', async () => {
    await runOn(url, 'CREATE TABLE sizes (size bigint)');
    const size = Number.MAX_SAFE_INTEGER;
    await database.write([sql('INSERT INTO sizes VALUES (?)').with(size)]);
    expect(await database.read(sql('SELECT size FROM sizes WHERE size = ?'), size)).toEqual([{ size }]);
    expect(await database.readRows(sql<readonly [number]>('SELECT count(*) FROM sizes'))).toEqual([[1]]);
  });

  it('of what is no table fails as what PostgreSQL said', async () => {
    await expect(database.read(sql('SELECT * FROM no_things'))).rejects.toThrow('does not exist');
  });

  it('of a text with a NUL finds nothing: no row has one', async () => {
    await database.write([inserting('a')]);
    expect(await database.read(BY_NAME, 'a\0')).toEqual([]);
    expect(
      await database.readRows(sql<readonly [string]>('SELECT name FROM things WHERE name = ?'), '\0'),
    ).toEqual([]);
  });

  it('of names comes in the order of their bytes, whatever the language of the database is', async () => {
    const name = `sd_${randomBytes(8).toString('hex')}`;
    await runOn(url, `CREATE DATABASE ${name} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'`);
    const config = postgresConfig(url.replace(/[^/]+$/, name));
    await (await openDatabase(config)).destroy();
    const english = await openSqlDatabase(config);
    try {
      const sorted = ['B', 'a', 'é', '\uFFFD', '\u{1F600}'];
      const insert = sql(
        "INSERT INTO stored_files (store, object_key, etag, size, creator, stored_at, upload_id) VALUES ('s', ?, 'e', 1, 'c', 't', 'u')",
      );
      await english.write(sorted.toReversed().map((key) => insert.with(key)));
      const keys = sql<readonly [string]>('SELECT object_key FROM stored_files ORDER BY object_key');
      expect((await english.readRows(keys)).flat()).toEqual(sorted);
      const above = sql<readonly [string]>('SELECT object_key FROM stored_files WHERE object_key > ?');
      expect((await english.readRows(above, '\uFFFD')).flat()).toEqual(['\u{1F600}']);
      const unsorted = sql<readonly [string]>(
        `SELECT object_key FROM stored_files ORDER BY object_key COLLATE "en-x-icu"`,
      );
      expect((await english.readRows(unsorted)).flat()).not.toEqual(sorted);
    } finally {
      await english.close();
    }
  });
});

describeWithPostgres('a proxy that gives each transaction another connection', () => {
  let clients: pg.Client[];

  beforeEach(async () => {
    const connecting = jest.spyOn(pg.Client.prototype, 'connect');
    try {
      // As many connections as the pool has are open, and have prepared these texts.
      await Promise.all(Array.from({ length: 8 }, () => database.read(NAMES)));
      await database.write([inserting('before')]);
      clients = connecting.mock.contexts as pg.Client[]; // whose method it is
      expect(clients).toHaveLength(4);
    } finally {
      connecting.mockRestore();
    }
  });

  async function onEach(text: string): Promise<void> {
    for (const client of clients) await client.query(text);
  }

  it('loses prepared statements, and a read goes on without them', async () => {
    await onEach('DISCARD ALL');
    expect(await names()).toEqual(['before']);
    expect(await database.read(BY_NAME, 'before')).toEqual([{ name: 'before', value: null }]);
  });

  it('loses prepared statements, and reads at once go on without them', async () => {
    await onEach('DISCARD ALL');
    expect(await Promise.all(Array.from({ length: 8 }, names))).toEqual(Array(8).fill(['before']));
  });

  it('loses prepared statements, and writes go on without them, each once', async () => {
    await onEach('DISCARD ALL');
    const writes = ['a', 'b', 'c'].map((name) => database.write([inserting(name)]));
    expect(await Promise.all(writes)).toEqual([[1], [1], [1]]);
    await onEach('DISCARD ALL');
    expect(await database.write([inserting('d'), inserting('e')])).toEqual([1, 1]);
    expect(await names()).toEqual(['a', 'b', 'before', 'c', 'd', 'e']);
  });

  it('has prepared a statement for somebody else, and reads and writes go on', async () => {
    const prepare = ({ name }: Sql<unknown>): string => `PREPARE "${name}" AS SELECT 1`;
    await onEach(prepare(BY_NAME));
    await onEach(prepare(UPDATE));
    expect(await database.read(BY_NAME, 'before')).toEqual([{ name: 'before', value: null }]);
    expect(await database.write([UPDATE.with('x', 'before')])).toEqual([1]);
  });
});

describeWithPostgres('when an operator ends all sessions', () => {
  it('reads go on', async () => {
    await database.write([inserting('a')]);
    for (let i = 0; i < 10; i++) {
      const reads = Array.from({ length: 8 }, names);
      await setTimeout(i); // at another moment each time
      await endSessions(url);
      expect(await Promise.all(reads)).toEqual(Array(8).fill(['a']));
    }
  });

  it('a write that runs then is Unavailable, and the next one succeeds', async () => {
    await database.write([inserting('a')]);
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    other.on('error', () => undefined); // it is ended too
    await other.query("BEGIN; UPDATE things SET value = 'theirs'");
    const writing = database
      .write([UPDATE.with('ours', 'a'), inserting('b')])
      .catch((error: unknown) => error);
    await setTimeout(300); // it waits for the row
    expect(await endSessions(url)).toBeGreaterThanOrEqual(2);
    expect(await writing).toEqual(ofKind('Unavailable'));
    expect(await database.write([UPDATE.with('later', 'a')])).toEqual([1]);
    expect(await names()).toEqual(['a']);
  });

  it('each write has succeeded or is Unavailable, and what succeeded is there', async () => {
    const outcomes: { name: string; error?: unknown }[] = [];
    const ending = new AbortController();
    const writing = Array.from({ length: 4 }, async (_, writer) => {
      for (let i = 0; !ending.signal.aborted; i++) {
        const name = `${String(writer)} ${String(i)}`;
        await database.write([inserting(name)]).then(
          () => outcomes.push({ name }),
          (error: unknown) => outcomes.push({ name, error }),
        );
      }
    });
    for (let i = 0; i < 10; i++) {
      await setTimeout(50);
      await endSessions(url);
    }
    ending.abort();
    await Promise.all(writing);
    const stored = new Set(await names());
    for (const { name, error } of outcomes) {
      if (error === undefined) expect(stored).toContain(name);
      else expect(error).toEqual(ofKind('Unavailable'));
    }
    expect(await database.write([inserting('after')])).toEqual([1]);
    expect(outcomes.filter(({ error }) => error === undefined).length).toBeGreaterThan(10);
  });
});

describeWithPostgres('the end', () => {
  it('comes when everything that was asked for is committed', async () => {
    const writing = Promise.all(
      Array.from({ length: 300 }, (_, i) => database.write([inserting(String(i))])),
    );
    await opened.pop()?.close();
    expect(await writing).toHaveLength(300);
    expect(await runOn(url, 'SELECT count(*)::int AS count FROM things')).toEqual([{ count: 300 }]);
  });

  it('leaves no session behind', async () => {
    await Promise.all(Array.from({ length: 8 }, names));
    await opened.pop()?.close();
    await setTimeout(100);
    expect(await endSessions(url)).toBe(0);
  });
});

describeWithPostgres('a probe', () => {
  it('writes no row, and is Unavailable where nothing can be committed', async () => {
    await database.probe(1_000);
    expect(await names()).toEqual([]);
    const away = await openSqlDatabase(
      postgresConfig('postgres://nobody@127.0.0.1:1/none', { timeoutSeconds: 1 }),
    );
    await expect(away.probe(1_000)).rejects.toThrow(DatabaseError);
    await away.close();
  });
});
