import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';

/** Adds what several servers share: counters of wrong passwords, and what they must know of the database itself. */
export class ShareBetweenServers1796200000000 implements MigrationInterface {
  readonly name = 'ShareBetweenServers1796200000000';

  async up(runner: QueryRunner): Promise<void> {
    const isPostgres = runner.dataSource.options.type === 'postgres';
    const collation = isPostgres ? { collation: 'C' } : {};
    await runner.createTable(
      new Table({
        name: 'database_state',
        columns: [
          { name: 'name', type: 'varchar', isPrimary: true, ...collation },
          { name: 'value', type: 'varchar', ...collation },
        ],
      }),
    );
    // In the form of the library that counts. On SQLite each server counts in memory.
    if (isPostgres) await runner.createTable(SIGN_IN_COUNTERS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('database_state');
    await runner.dropTable('sign_in_counters', true);
  }
}

const SIGN_IN_COUNTERS = new Table({
  name: 'sign_in_counters',
  columns: [
    { name: 'key', type: 'varchar', length: '255', isPrimary: true },
    { name: 'points', type: 'integer', default: 0 },
    { name: 'expire', type: 'bigint', isNullable: true },
  ],
});
