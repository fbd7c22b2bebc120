const UNITS: Readonly<Record<string, number>> = { b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 };

/** Says that a text is no size. */
export class SizeError extends Error {
  override readonly name = 'SizeError';

  constructor(text: string) {
    super(`“${text}” is no size: write a number and a unit, as in 10 GB.`);
  }
}

/** Bytes, of a text such as `1.5 GB` or `1000`; null for an empty one. @throws SizeError for others. */
export function parseSize(text: string): number | null {
  if (text.trim() === '') return null;
  const [, number = '', unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text) ?? [];
  const factor = unit === '' ? 1 : UNITS[unit.toLowerCase()];
  if (number === '' || factor === undefined) throw new SizeError(text);
  return Math.round(Number(number) * factor);
}

/** The same bytes as a text, in the largest unit that leaves no fraction. */
export function plainSize(bytes: number): string {
  const [unit, factor] = Object.entries(UNITS).findLast(([, each]) => bytes > 0 && bytes % each === 0) ?? [
    'b',
    1,
  ];
  return `${String(bytes / factor)} ${unit.toUpperCase()}`;
}
