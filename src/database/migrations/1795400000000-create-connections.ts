import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';

export class CreateConnections1795400000000 implements MigrationInterface {
  readonly name = 'CreateConnections1795400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'connections',
        columns: [
          { name: 'id', type: 'varchar', isPrimary: true },
          { name: 'name', type: 'varchar', isUnique: true },
          { name: 'storage_type', type: 'varchar' },
          { name: 'sealed_options', type: 'text' },
          { name: 'creator', type: 'varchar' },
          { name: 'created_on', type: 'varchar' },
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('connections');
  }
}
