import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Adds how much of each upload has come, and indexes for lists of uploads. A failed upload keeps its key: its successor under the
 * same key is told apart by the state.
 */
export class WatchUploads1796410000000 implements MigrationInterface {
  readonly name = 'WatchUploads1796410000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE uploads ADD COLUMN received_bytes bigint NOT NULL DEFAULT 0');
    await runner.query('ALTER TABLE uploads ADD COLUMN expected_bytes bigint');
    await runner.query('DROP INDEX uploads_idempotency_key');
    // Partial: an upload without a key has as many entries as before.
    await runner.query(
      "CREATE UNIQUE INDEX uploads_idempotency_key ON uploads (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL AND state <> 'FAILED'",
    );
    await runner.query('CREATE INDEX uploads_user ON uploads (user_id, started_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("UPDATE uploads SET idempotency_key = NULL WHERE state = 'FAILED'");
    await runner.query('DROP INDEX uploads_user');
    await runner.query('DROP INDEX uploads_idempotency_key');
    await runner.query('CREATE UNIQUE INDEX uploads_idempotency_key ON uploads (user_id, idempotency_key)');
    await runner.query('ALTER TABLE uploads DROP COLUMN expected_bytes');
    await runner.query('ALTER TABLE uploads DROP COLUMN received_bytes');
  }
}
