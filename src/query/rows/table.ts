import type { Literal } from '../sql/ast.js';

/** The value of a cell before it is written as text. A bigint is a whole number beyond the safe integers. */
export type Value = Literal | bigint;
export type Row = readonly Value[];

/** A column in Databend's schema. */
export interface Column {
  readonly name: string;
  /** A type name of Databend's: `String`, `Nullable(String)`, `UInt64`. */
  readonly type: string;
  /** Only the key of a table that has none in Databend: no statement names it, and `*` leaves it out. */
  readonly isHidden?: true;
}

export interface ScanOptions {
  /** Only rows whose key is after this one. */
  readonly after?: string | undefined;
  readonly signal: AbortSignal;
}

/** Rows that can be read from any key on. The first column is the key: unique, and in byte order. */
export interface Table {
  readonly columns: readonly Column[];
  /**
   * Does the row belong to the table? A scan may yield other rows, too. They show the reader the scan's progress, so that it
   * can stop in time even if few rows belong to the table.
   */
  has(row: Row): boolean;
  /** Yields rows in batches, which may be empty. */
  scan(options: ScanOptions): AsyncIterable<readonly Row[]>;
}

/** Counts the characters of the texts among the values. */
export function charactersOf(values: readonly Value[]): number {
  let characters = 0;
  for (const value of values) if (typeof value === 'string') characters += value.length;
  return characters;
}

/** Returns the key of a row. */
export function keyOf(row: Row): string {
  return String(row[0]);
}
