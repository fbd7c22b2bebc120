import { Table, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

export class CreateQueriesAndSessions1795500000000 implements MigrationInterface {
  readonly name = 'CreateQueriesAndSessions1795500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'queries',
        columns: [
          { name: 'user_name', type: 'varchar', isPrimary: true },
          { name: 'id', type: 'varchar', isPrimary: true },
          { name: 'kind', type: 'varchar' },
          { name: 'statement_digest', type: 'varchar' },
          { name: 'state', type: 'varchar' },
          { name: 'failure', type: 'text', isNullable: true },
          { name: 'touched_at', type: 'varchar' },
        ],
        indices: [new TableIndex({ name: 'queries_touched_at', columnNames: ['touched_at'] })],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'ended_sessions',
        columns: [
          { name: 'session_id', type: 'varchar', isPrimary: true },
          { name: 'last_use', type: 'varchar' },
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('ended_sessions');
    await runner.dropTable('queries');
  }
}
