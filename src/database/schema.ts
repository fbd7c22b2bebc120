import type { MigrationInterface } from 'typeorm';

/** Entities and migrations, the same on every database. Only migrations change tables. */
export interface Schema {
  readonly entities: (new () => object)[];
  readonly migrations: (new () => MigrationInterface)[];
  readonly synchronize: false;
}
