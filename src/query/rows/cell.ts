import type { Value } from './table.js';

/** A cell on the wire. */
export type Cell = string | null;

/** Writes a value as Databend does: every cell is a string or null, and a Boolean is 1 or 0. */
export function cellOf(value: Value): Cell {
  if (value === null) return null;
  if (typeof value === 'boolean') return value ? '1' : '0';
  return String(value);
}

/** Writes a Float64 as Databend does. */
export function floatText(value: Value): Value {
  return typeof value === 'number' && Number.isInteger(value) ? value.toFixed(1) : value;
}
