import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DATABASE_KIND, runOn } from '../../support/test-database.js';
import { filesBelow } from './expectations.js';
import { databaseSettings, type TestApp } from './test-app.js';

/** All that a server's database holds, as whoever takes it away reads it: the bytes of SQLite's files, or the rows of PostgreSQL. */
export async function storedTexts({ dataDir }: Pick<TestApp, 'dataDir'>): Promise<readonly string[]> {
  if (DATABASE_KIND === 'postgres') return rowsOf(dataDir);
  const files = (await filesBelow(dataDir)).filter((name) => name.startsWith('stagedoor.db'));
  expect(files).toContain('stagedoor.db');
  return Promise.all(files.map(async (name) => (await readFile(join(dataDir, name))).toString('latin1')));
}

async function rowsOf(dataDir: string): Promise<readonly string[]> {
  const { DATABASE_URL: url = '' } = await databaseSettings(dataDir);
  const tables = (await runOn(
    url,
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'",
  )) as readonly { name: string }[]; // its column
  expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(['connections', 'stages']));
  const rows = tables.map(({ name }) => runOn(url, `SELECT * FROM ${name}`));
  return (await Promise.all(rows)).map((each) => JSON.stringify(each));
}
