import { randomUUID } from 'node:crypto';
import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';

/** What presigned URLs and session tokens end with. */
export class AddCredentialsAndSigningKeys1796000000000 implements MigrationInterface {
  readonly name = 'AddCredentialsAndSigningKeys1796000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE users ADD COLUMN credential varchar NOT NULL DEFAULT ''");
    const users = (await runner.query('SELECT name FROM users')) as { name: string }[]; // its column
    for (const { name } of users) {
      await runner.query('UPDATE users SET credential = ? WHERE name = ?', [randomUUID(), name]);
    }
    await runner.createTable(SIGNING_KEYS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('signing_keys');
    await runner.query('ALTER TABLE users DROP COLUMN credential');
  }
}

/** Purposes whose signing key was changed. The keys themselves are nowhere: they are derived. */
const SIGNING_KEYS = new Table({
  name: 'signing_keys',
  columns: [
    { name: 'purpose', type: 'varchar', isPrimary: true },
    { name: 'generation', type: 'varchar' },
    { name: 'changed_at', type: 'varchar' },
  ],
});
