import { basic, Client } from '../support/client.js';
import { SqlClient } from '../support/sql-client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** An application whose users speak SQL. */
export interface People {
  readonly testApp: TestApp;
  readonly root: SqlClient;
  /** Speaks as a user, whose password is `<name>-secret`. */
  readonly as: (name: string) => SqlClient;
  /** Runs statements as root, one after another. */
  readonly given: (...statements: readonly string[]) => Promise<void>;
  /** Creates a user. */
  readonly user: (name: string, ...statements: readonly string[]) => Promise<SqlClient>;
}

export async function startPeople(): Promise<People> {
  const testApp = await startTestApp();
  const root = new SqlClient(new Client(testApp));
  const as = (name: string): SqlClient => new SqlClient(new Client(testApp, basic(name, `${name}-secret`)));
  const given = async (...statements: readonly string[]): Promise<void> => {
    for (const statement of statements) await root.run(statement);
  };
  const user = async (name: string, ...statements: readonly string[]): Promise<SqlClient> => {
    await given(`CREATE USER ${name} IDENTIFIED BY '${name}-secret'`, ...statements);
    return as(name);
  };
  return { testApp, root, as, given, user };
}

/** `name Type` of each column of an answer. */
export async function columnsOf(client: SqlClient, sql: string): Promise<string[]> {
  return (await client.run(sql)).schema.map(({ name, type }) => `${name} ${type}`);
}

/** The first cells of all rows. */
export async function namesOf(client: SqlClient, sql: string): Promise<(string | null | undefined)[]> {
  return (await client.rows(sql)).map(([name]) => name);
}

export const NOTE =
  'Note: Please ensure that your current role have the appropriate permissions to create a new Object';
