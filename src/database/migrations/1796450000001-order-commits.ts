import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds which reservation of a name is about to become visible: one at a time, so that records are written in that order. */
export class OrderCommits1796450000001 implements MigrationInterface {
  readonly name = 'OrderCommits1796450000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE stage_reservations ADD COLUMN commits integer NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE stage_reservations DROP COLUMN commits');
  }
}
