import { MOST_ROWS, type TableData } from './table-data.js';

/** The first lines of an NDJSON, with a column for each field that one of them has. A line that is no object is one cell. */
export function parseJsonLines(text: string): TableData {
  const lines = text.split('\n', MOST_ROWS).filter((line) => line.trim() !== '');
  const objects = lines.map(objectOf);
  const columns = [...new Set(objects.flatMap((object) => [...object.keys()]))];
  return { columns, rows: objects.map((object) => columns.map((column) => object.get(column) ?? '')) };
}

const WHOLE_LINE = 'line';

function objectOf(line: string): ReadonlyMap<string, string> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return new Map(Object.entries(value).map(([name, field]) => [name, textOf(field)]));
    }
  } catch {
    // The last line of what was read may be cut off.
  }
  return new Map([[WHOLE_LINE, line]]);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
