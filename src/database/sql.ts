import { createHash } from 'node:crypto';

/** A value that every database stores unchanged. */
export type SqlValue = string | number | null;

/** A statement with its values. */
export interface SqlStatement {
  readonly sql: Sql<unknown>;
  readonly values: readonly SqlValue[];
  /** Names a row that other statements lock, too. Transactions take such rows in one order, so that none waits for another in a circle. */
  readonly locks?: string;
}

/**
 * The text of a statement in SQL that SQLite and PostgreSQL share, with `?` for each value. `Row` is the type of its rows: an
 * object, or a tuple if they are read as arrays. Create it once per text, because databases prepare each text once.
 */
export class Sql<Row = never> {
  /** For the compiler only. */
  declare readonly row: Row;
  readonly text: string;
  #numbered: string | undefined;
  #name: string | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** The text with `$1`, `$2`, … for the values, as PostgreSQL has them. */
  get numbered(): string {
    if (this.#numbered === undefined) {
      let count = 0;
      this.#numbered = this.text.replaceAll('?', () => `$${String(++count)}`);
    }
    return this.#numbered;
  }

  /** A short name that only this text has. */
  get name(): string {
    this.#name ??= createHash('sha256').update(this.text).digest('base64url').slice(0, 22);
    return this.#name;
  }

  with(...values: SqlValue[]): SqlStatement {
    return { sql: this, values };
  }
}

export function sql<Row = never>(text: string): Sql<Row> {
  return new Sql<Row>(text);
}
