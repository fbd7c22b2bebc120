import type { Literal } from '../sql/ast.js';

/** What a cell holds before it is text. A whole number that is no exact number is a bigint. */
export type Value = Literal | bigint;
export type Row = readonly Value[];

/** A column as Databend's schema names it. */
export interface Column {
  readonly name: string;
  /** A type name of Databend's: `String`, `Nullable(String)`, `UInt64`. */
  readonly type: string;
}

export interface ScanOptions {
  /** Only rows whose key is after this one. */
  readonly after?: string | undefined;
  readonly signal: AbortSignal;
}

/** Rows that can be read from any place on: the first column is their key, unique and in byte order. */
export interface Table {
  readonly columns: readonly Column[];
  /**
   * Is this one of its rows? What a scan gives may be more, so that who reads sees how far it has come, and can stop in
   * time, where hardly any row is one.
   */
  has(row: Row): boolean;
  /** In batches, which may be empty. */
  scan(options: ScanOptions): AsyncIterable<readonly Row[]>;
}

/** Of the texts among the values. */
export function charactersOf(values: readonly Value[]): number {
  let characters = 0;
  for (const value of values) if (typeof value === 'string') characters += value.length;
  return characters;
}

/** The key of a row of a table. */
export function keyOf(row: Row): string {
  return String(row[0]);
}
