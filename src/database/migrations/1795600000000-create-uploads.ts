import { Table, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

export class CreateUploads1795600000000 implements MigrationInterface {
  readonly name = 'CreateUploads1795600000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of [PROCESSES, UPLOADS, LEFTOVERS, STORED_FILES]) await runner.createTable(table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['stored_files', 'leftovers', 'uploads', 'processes']) await runner.dropTable(table);
  }
}

/** Servers that run, or have died. */
const PROCESSES = new Table({
  name: 'processes',
  columns: [
    { name: 'id', type: 'varchar', isPrimary: true },
    { name: 'machine', type: 'varchar' },
    { name: 'pid', type: 'integer' },
    { name: 'pid_since', type: 'varchar' },
    { name: 'seen_at', type: 'varchar' },
  ],
});

/** What became of each upload. */
const UPLOADS = new Table({
  name: 'uploads',
  columns: [
    { name: 'id', type: 'varchar', isPrimary: true },
    { name: 'process_id', type: 'varchar' },
    { name: 'user_name', type: 'varchar' },
    { name: 'stage_name', type: 'varchar' },
    { name: 'state', type: 'varchar' },
    { name: 'started_at', type: 'varchar' },
    { name: 'ended_at', type: 'varchar', isNullable: true },
    { name: 'files', type: 'text' },
    { name: 'failure', type: 'text', isNullable: true },
    { name: 'idempotency_key', type: 'varchar', isNullable: true },
    { name: 'request_digest', type: 'varchar', isNullable: true },
    { name: 'answer', type: 'text', isNullable: true },
  ],
  indices: [
    new TableIndex({
      name: 'uploads_idempotency_key',
      columnNames: ['user_name', 'idempotency_key'],
      isUnique: true,
    }),
    new TableIndex({ name: 'uploads_started_at', columnNames: ['started_at'] }),
    new TableIndex({ name: 'uploads_running', columnNames: ['process_id'], where: "state = 'RUNNING'" }),
  ],
});

/** What would be left in a store if its process died now. */
const LEFTOVERS = new Table({
  name: 'leftovers',
  columns: [
    { name: 'id', type: 'varchar', isPrimary: true },
    { name: 'process_id', type: 'varchar' },
    { name: 'store', type: 'varchar' },
    { name: 'object_key', type: 'varchar' },
    { name: 'sealed_connection', type: 'text' },
    { name: 'leftover', type: 'text' },
    { name: 'is_abandoned', type: 'integer' },
    { name: 'noted_at', type: 'varchar' },
  ],
  indices: [
    new TableIndex({ name: 'leftovers_process_id', columnNames: ['process_id'] }),
    new TableIndex({ name: 'leftovers_object', columnNames: ['store', 'object_key'] }),
  ],
});

/** What the service knows of the files that it has taken in. */
const STORED_FILES = new Table({
  name: 'stored_files',
  withoutRowid: true,
  columns: [
    { name: 'store', type: 'varchar', isPrimary: true },
    { name: 'object_key', type: 'varchar', isPrimary: true },
    { name: 'etag', type: 'varchar', isPrimary: true },
    { name: 'size', type: 'integer' },
    { name: 'md5', type: 'varchar', isNullable: true },
    { name: 'creator', type: 'varchar' },
    { name: 'stored_at', type: 'varchar' },
    { name: 'upload_id', type: 'varchar' },
  ],
});
