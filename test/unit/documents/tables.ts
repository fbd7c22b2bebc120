import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { readMarkdown } from '../../acceptance/documents/markdown.js';
import { REPOSITORY } from '../../acceptance/documents/pages.js';

/** The rows of all tables of a page that have a cell for each of these columns, as those cells without their backticks. */
export async function tableRows(page: string, columns: readonly string[]): Promise<string[][]> {
  const { prose } = readMarkdown(await readFile(join(REPOSITORY, page), 'utf8'));
  let indexes: readonly number[] = [];
  const rows: string[][] = [];
  for (const line of prose) {
    const cells = cellsOf(line);
    const found = columns.map((column) => cells.indexOf(column));
    if (cells.length === 0) indexes = [];
    else if (!found.includes(-1)) indexes = found;
    else if (indexes.length > 0 && !/^-+$/.test(cells[0] ?? '')) {
      rows.push(indexes.map((index) => cells[index] ?? ''));
    }
  }
  return rows;
}

function cellsOf(line: string): string[] {
  if (!line.startsWith('|')) return [];
  const cells = line.split(/(?<!\\)\|/).slice(1, -1);
  return cells.map((cell) => cell.trim().replaceAll('`', ''));
}
