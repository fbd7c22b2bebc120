import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/** Which database the specs of this project run on. */
export const DATABASE_KIND = process.env['STAGEDOOR_TEST_DATABASE'] === 'postgres' ? 'postgres' : 'sqlite';

/** Where no PostgreSQL is to be had, the start of the run says why: these cases are skipped then. */
export const describeWithPostgres = process.env['POSTGRES_TEST_URL'] === undefined ? describe.skip : describe;

/** @returns the URL of a new and empty database, for one server or for several. */
export async function newDatabaseUrl(): Promise<string> {
  if (DATABASE_KIND === 'postgres') return newPostgresUrl();
  return `sqlite:${join(mkdtempSync(join(tmpdir(), 'stagedoor-database-')), 'stages.db')}`;
}

/** @throws Error if the test run has no PostgreSQL: its start says why. */
export async function newPostgresUrl(): Promise<string> {
  const server = process.env['POSTGRES_TEST_URL'];
  if (server === undefined) throw new Error('POSTGRES_TEST_URL is not set: this run has no PostgreSQL.');
  const name = `sd_${randomBytes(8).toString('hex')}`;
  await runOn(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** Runs statements on a connection of its own. */
export async function runOn(url: string, ...statements: readonly string[]): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: readonly unknown[] = [];
    for (const statement of statements) rows = (await client.query(statement)).rows as unknown[];
    return rows;
  } finally {
    await client.end();
  }
}
