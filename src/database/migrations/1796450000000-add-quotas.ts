import { Table, TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

/** Adds the quotas of internal stages and of users' own stages, what of them is used, and what running uploads have reserved. */
export class AddQuotas1796450000000 implements MigrationInterface {
  readonly name = 'AddQuotas1796450000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const column of COLUMNS) await runner.query(`ALTER TABLE ${column} bigint`);
    const isPostgres = runner.dataSource.options.type === 'postgres';
    for (const table of tables(isPostgres)) await runner.createTable(table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['stage_reservations', 'stage_usage']) await runner.dropTable(table);
    for (const column of COLUMNS) await runner.query(`ALTER TABLE ${column.replace('ADD', 'DROP')}`);
  }
}

const COLUMNS = [
  'stages ADD COLUMN quota_bytes',
  'stages ADD COLUMN quota_files',
  'users ADD COLUMN quota_bytes',
  'users ADD COLUMN quota_files',
];

function tables(isPostgres: boolean): readonly Table[] {
  const text = { type: 'varchar', ...(isPostgres ? { collation: 'C' } : {}) };
  const number = { type: 'bigint' };
  return [
    new Table({
      name: 'stage_usage',
      withoutRowid: true,
      columns: [
        { name: 'store', ...text, isPrimary: true },
        { name: 'prefix', ...text, isPrimary: true },
        // The records of files up to `counted_to` are in these two.
        { name: 'used_bytes', ...number },
        { name: 'used_files', ...number },
        // Files that are in the store and not on record, as of `counted_at`.
        { name: 'outside_bytes', ...number },
        { name: 'outside_files', ...number },
        { name: 'counted_to', ...text },
        { name: 'counted_at', ...text },
      ],
    }),
    new Table({
      name: 'stage_reservations',
      withoutRowid: true,
      columns: [
        { name: 'id', ...text, isPrimary: true },
        { name: 'process_id', ...text },
        { name: 'store', ...text },
        { name: 'prefix', ...text },
        { name: 'object_key', ...text },
        { name: 'bytes', ...number },
        { name: 'replaces', type: 'integer' },
      ],
      indices: [new TableIndex({ name: 'stage_reservations_place', columnNames: ['store', 'prefix'] })],
    }),
  ];
}
