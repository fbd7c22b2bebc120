import type { MigrationInterface, QueryRunner } from 'typeorm';

/** With which key each server encrypts. */
export class AddKeyIds1795900000000 implements MigrationInterface {
  readonly name = 'AddKeyIds1795900000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE processes ADD COLUMN key_id varchar');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE processes DROP COLUMN key_id');
  }
}
