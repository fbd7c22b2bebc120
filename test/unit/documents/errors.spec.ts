import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { REPOSITORY } from '../../acceptance/documents/pages.js';
import { tableRows } from './tables.js';

/** `  NotFound: row(404, 3001),` */
const ROW = /^ {2}(\w+): row\((\w+), (\w+)[,)]/gm;

/** The rows of the error table, as `NotFound 404 3001`. Its kinds are types: they can only be read in its source. */
async function rowsOfErrorTable(): Promise<string[]> {
  const source = await readFile(join(REPOSITORY, 'src/http/errors/error-table.ts'), 'utf8');
  const clientLeft = /CLIENT_LEFT = (\d+)/.exec(source)?.[1] ?? '';
  const rows = Array.from(source.matchAll(ROW), ([, ...cells]) =>
    cells.join(' ').replaceAll('CLIENT_LEFT', clientLeft),
  );
  expect(rows).toHaveLength(source.match(/: row\(/g)?.length ?? 0);
  return rows;
}

describe('the errors in docs/reference/errors.md', () => {
  it('are the kinds of the error table, with their status and code', async () => {
    const documented = await tableRows('docs/reference/errors.md', ['kind', 'HTTP', 'code']);
    const rows = documented.map((cells) => cells.join(' '));
    expect(rows.sort()).toEqual([...new Set(await rowsOfErrorTable())].sort());
  });
});
