import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';

export class CreateStagesAndUsers1795300000000 implements MigrationInterface {
  readonly name = 'CreateStagesAndUsers1795300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'users',
        columns: [
          { name: 'name', type: 'varchar', isPrimary: true },
          { name: 'password_hash', type: 'varchar', isNullable: true },
          { name: 'is_admin', type: 'boolean' },
        ],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'stages',
        columns: [
          { name: 'id', type: 'varchar', isPrimary: true },
          { name: 'name', type: 'varchar', isUnique: true },
          { name: 'kind', type: 'varchar' },
          { name: 'sealed_connection', type: 'text', isNullable: true },
          { name: 'file_format', type: 'text' },
          { name: 'comment', type: 'text' },
          { name: 'creator', type: 'varchar' },
          { name: 'created_on', type: 'varchar' },
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('stages');
    await runner.dropTable('users');
  }
}
