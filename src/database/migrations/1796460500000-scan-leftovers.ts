import { TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * Keeps cleanup records in one tree. Each upload adds a record and removes it, and a tree costs a page of the log each time. Records of an
 * object are looked for when a lost multipart upload is removed, among the few puts that run: a scan finds them.
 */
export class ScanLeftovers1796460500000 implements MigrationInterface {
  readonly name = 'ScanLeftovers1796460500000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX leftovers_object');
  }

  async down(runner: QueryRunner): Promise<void> {
    const index = new TableIndex({ name: 'leftovers_object', columnNames: ['store', 'object_key'] });
    await runner.createIndex('leftovers', index);
  }
}
