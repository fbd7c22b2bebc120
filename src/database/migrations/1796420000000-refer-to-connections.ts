import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lets stages refer to named connections, by their ids. */
export class ReferToConnections1796420000000 implements MigrationInterface {
  readonly name = 'ReferToConnections1796420000000';

  async up(runner: QueryRunner): Promise<void> {
    const isPostgres = runner.dataSource.options.type === 'postgres';
    const text = isPostgres ? 'varchar COLLATE "C"' : 'varchar';
    await runner.query(`ALTER TABLE stages ADD COLUMN connection_ref ${text}`);
    await runner.query('CREATE INDEX stages_connection_ref ON stages (connection_ref)');
  }

  /** Stages that refer to a connection have none then: what is stored with them has no options. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX stages_connection_ref');
    await runner.query('ALTER TABLE stages DROP COLUMN connection_ref');
  }
}
