import type { Value } from './table.js';

/** Returns Databend's type of a literal: the smallest type that holds it. */
export function typeOfLiteral(value: Value): string {
  if (value === null) return 'NULL';
  if (typeof value === 'boolean') return 'Boolean';
  if (typeof value === 'string') return 'String';
  if (typeof value === 'bigint') return value < 0n ? 'Int64' : 'UInt64';
  if (!Number.isInteger(value)) return decimalType(value);
  return value < 0 ? `Int${String(bits(-value - 1, 1))}` : `UInt${String(bits(value, 0))}`;
}

/** Is the type compared and ordered as numbers? */
export function isNumeric(type: string): boolean {
  return /^(Nullable\()?(U?Int|Float|Decimal)/.test(type);
}

/** Returns the nullable form of a type. */
export function nullable(type: string): string {
  return type === 'NULL' || type.startsWith('Nullable(') ? type : `Nullable(${type})`;
}

export function withoutNull(type: string): string {
  return type.startsWith('Nullable(') ? type.slice('Nullable('.length, -1) : type;
}

function bits(magnitude: number, signBits: number): number {
  return [8, 16, 32].find((width) => magnitude < 2 ** (width - signBits)) ?? 64;
}

function decimalType(value: number): string {
  const [whole = '', fraction = ''] = String(Math.abs(value)).split('.');
  if (!/^\d*$/.test(whole + fraction)) return 'Float64';
  const digits = whole.replace(/^0$/, '').length + fraction.length;
  return `Decimal(${String(digits)}, ${String(fraction.length)})`;
}
