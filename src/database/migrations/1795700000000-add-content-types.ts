import type { MigrationInterface, QueryRunner } from 'typeorm';

/** With what content type a file came in, for stores that keep none. */
export class AddContentTypes1795700000000 implements MigrationInterface {
  readonly name = 'AddContentTypes1795700000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE stored_files ADD COLUMN content_type varchar');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE stored_files DROP COLUMN content_type');
  }
}
