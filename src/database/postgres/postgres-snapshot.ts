import pg from 'pg';
import type { PostgresConfig } from '../../config/database-config.js';
import type { Sql, SqlValue } from '../sql.js';
import { postgresError } from './postgres-error.js';
import { poolOptions } from './postgres-pool.js';

/** The rows of a database at one moment, while others change it. */
export class PostgresSnapshot {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  /** @throws DatabaseError */
  static async open(config: PostgresConfig): Promise<PostgresSnapshot> {
    // A page of a copy may take longer than a request.
    const client = new pg.Client({ ...poolOptions(config, 1), query_timeout: 0 });
    client.on('error', () => undefined); // its queries fail too
    try {
      await client.connect();
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    } catch (error) {
      await client.end();
      throw postgresError(error);
    }
    return new PostgresSnapshot(client);
  }

  async readRows<Row extends readonly unknown[]>(
    query: Sql<Row>,
    ...values: SqlValue[]
  ): Promise<readonly Row[]> {
    try {
      const { rows } = await this.#client.query({ text: query.numbered, values, rowMode: 'array' });
      return rows as unknown[][] as unknown as Row[]; // the rows of the text, which `Sql` declares
    } catch (error) {
      throw postgresError(error);
    }
  }

  async close(): Promise<void> {
    await this.#client.end();
  }
}
