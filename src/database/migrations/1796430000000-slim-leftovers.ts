import { Table, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * Keeps cleanup records in two trees instead of four: each upload adds one and removes it, and a tree costs a page of the log each time.
 * Nothing ever looked for the records of a process.
 */
export class SlimLeftovers1796430000000 implements MigrationInterface {
  readonly name = 'SlimLeftovers1796430000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX leftovers_process_id');
    if (isSqlite(runner)) await rebuild(runner, { withoutRowid: true });
  }

  async down(runner: QueryRunner): Promise<void> {
    if (isSqlite(runner)) await rebuild(runner, { withoutRowid: false });
    await runner.query('CREATE INDEX leftovers_process_id ON leftovers (process_id)');
  }
}

function isSqlite(runner: QueryRunner): boolean {
  return runner.dataSource.options.type !== 'postgres';
}

async function rebuild(
  runner: QueryRunner,
  { withoutRowid }: { readonly withoutRowid: boolean },
): Promise<void> {
  const table = new Table({
    name: 'leftovers_rebuilt',
    withoutRowid,
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
  });
  const columns = table.columns.map(({ name }) => name).join(', ');
  await runner.createTable(table);
  await runner.query(`INSERT INTO leftovers_rebuilt (${columns}) SELECT ${columns} FROM leftovers`);
  await runner.dropTable('leftovers');
  await runner.query('ALTER TABLE leftovers_rebuilt RENAME TO leftovers');
  await runner.createIndex(
    'leftovers',
    new TableIndex({ name: 'leftovers_object', columnNames: ['store', 'object_key'] }),
  );
}
