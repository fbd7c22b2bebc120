import type { Value } from './table.js';

/** A cell on the wire. */
export type Cell = string | null;

/** Databend's text of a value: every cell is a string or null, and a Boolean is 1 or 0. */
export function cellOf(value: Value): Cell {
  if (value === null) return null;
  if (typeof value === 'boolean') return value ? '1' : '0';
  return String(value);
}

/** Databend's `YYYY-MM-DD HH:MM:SS.ffffff`, in UTC. */
export function timestampText(time: Date): string {
  return `${time.toISOString().replace('T', ' ').slice(0, -1)}000`;
}
