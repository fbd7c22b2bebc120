import {
  Table,
  TableIndex,
  type MigrationInterface,
  type QueryRunner,
  type TableColumnOptions,
} from 'typeorm';

/**
 * Adds the audit. Its ids begin with the time: they are the order of the events, and the only tree of SQLite's table. The partial
 * indexes have no entry for an upload or a download that has succeeded.
 */
export class CreateAuditEvents1796440000000 implements MigrationInterface {
  readonly name = 'CreateAuditEvents1796440000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(auditEvents(runner.dataSource.options.type === 'postgres'));
    await runner.query(
      "CREATE INDEX audit_events_outcome ON audit_events (outcome, id) WHERE outcome <> 'success'",
    );
    await runner.query(
      "CREATE INDEX audit_events_action ON audit_events (action, id) WHERE action < 'file.' OR action > 'file/'",
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('audit_events');
  }
}

function auditEvents(isPostgres: boolean): Table {
  const text = { type: 'varchar', ...(isPostgres ? { collation: 'C' } : {}) };
  const required = (name: string): TableColumnOptions => ({ name, ...text });
  const optional = (name: string): TableColumnOptions => ({ name, ...text, isNullable: true });
  return new Table({
    name: 'audit_events',
    ...(isPostgres ? {} : { withoutRowid: true }),
    columns: [
      { name: 'id', ...text, isPrimary: true },
      ...['user_id', 'user_name', 'role', 'token_id', 'address'].map(optional),
      required('server'),
      optional('request_id'),
      ...['via', 'action'].map(required),
      ...['stage_name', 'stage_id', 'path', 'object'].map(optional),
      { name: 'bytes', type: 'bigint', isNullable: true },
      { name: 'count', type: 'bigint' },
      required('outcome'),
      optional('error_kind'),
      optional('detail'),
    ],
    indices: [
      new TableIndex({ name: 'audit_events_user', columnNames: ['user_name', 'id'] }),
      new TableIndex({ name: 'audit_events_stage', columnNames: ['stage_name', 'id'] }),
    ],
  });
}
