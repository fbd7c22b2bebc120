import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * PostgreSQL compares texts by the language of the database: names would be listed in another order than their stores list them.
 * Its integers have 32 bits: a size needs 64. SQLite compares by bytes, and its integers have 64 bits.
 */
export class CompareByBytes1796100000000 implements MigrationInterface {
  readonly name = 'CompareByBytes1796100000000';

  async up(runner: QueryRunner): Promise<void> {
    if (runner.dataSource.options.type !== 'postgres') return;
    for (const [table, columns] of Object.entries(TEXTS)) {
      const changes = columns.map((column) => `ALTER COLUMN ${column} TYPE ${typeOf(column)} COLLATE "C"`);
      await runner.query(`ALTER TABLE ${table} ${changes.join(', ')}`);
    }
    await runner.query('ALTER TABLE stored_files ALTER COLUMN size TYPE bigint');
  }

  /** The earlier version works with these types too. */
  async down(): Promise<void> {
    return Promise.resolve();
  }
}

/** All columns with texts. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  users: ['name', 'password_hash', 'credential'],
  stages: ['id', 'name', 'kind', 'sealed_connection', 'file_format', 'comment', 'creator', 'created_on'],
  connections: ['id', 'name', 'storage_type', 'sealed_options', 'creator', 'created_on'],
  queries: ['user_name', 'id', 'kind', 'statement_digest', 'state', 'failure', 'touched_at'],
  ended_sessions: ['session_id', 'last_use'],
  processes: ['id', 'machine', 'pid_since', 'seen_at', 'key_id'],
  uploads: [
    'id',
    'process_id',
    'user_name',
    'stage_name',
    'state',
    'started_at',
    'ended_at',
    'files',
    'failure',
    'idempotency_key',
    'request_digest',
    'answer',
  ],
  leftovers: ['id', 'process_id', 'store', 'object_key', 'sealed_connection', 'leftover', 'noted_at'],
  stored_files: ['store', 'object_key', 'etag', 'md5', 'creator', 'stored_at', 'upload_id', 'content_type'],
  signing_keys: ['purpose', 'generation', 'changed_at'],
};

const LONG_TEXTS = new Set([
  'sealed_connection',
  'file_format',
  'comment',
  'sealed_options',
  'failure',
  'files',
  'answer',
  'leftover',
]);

function typeOf(column: string): string {
  return LONG_TEXTS.has(column) ? 'text' : 'varchar';
}
