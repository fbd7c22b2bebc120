import type { Row } from '../../../../src/query/rows/table.js';
import { SqlError } from '../../../../src/query/sql/sql-error.js';
import { LETTERS, select } from './selected.js';

const MIB = 1024 * 1024;

function repeated(item: string, count: number): string {
  return Array.from({ length: count }, () => item).join(', ');
}

/** Rows whose second column is no text, so that pages are counted by what is selected. */
function rowsOf(count: number): readonly Row[] {
  return Array.from({ length: count }, (_none, index) => [`f${String(index).padStart(5, '0')}`, 1, null]);
}

describe('what an answer of SQL may hold', () => {
  it('is a thousand columns', async () => {
    const { rows } = await select(`${repeated('name', 1000)} FROM files`);
    expect(rows[0]).toHaveLength(1000);
  });

  it.each([
    ['named ones', repeated('name', 1001)],
    ['as many as a request has room for', repeated('name', 20_000)],
    ['those of many stars', repeated('*', 334)],
  ])('is refused beyond it, and the limit named: %s', async (_title, items) => {
    const refused = await select(`${items} FROM files`).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(SqlError);
    expect(refused).toMatchObject({
      kind: 'Semantic',
      message: expect.stringContaining('an answer may have at most 1000 columns') as string,
    });
  });

  it('is in an order by 64 keys', async () => {
    await expect(select(`name FROM files ORDER BY ${repeated('size', 64)}`)).resolves.toMatchObject({
      pages: 1,
    });
    await expect(select(`name FROM files ORDER BY ${repeated('size', 65)}`)).rejects.toThrow(
      'ORDER BY may have at most 64 keys',
    );
  });

  it('is a page that ends early where its rows are long, and goes on where it has ended', async () => {
    const literal = `'${'x'.repeat(MIB / 2)}'`;
    const { rows, pages } = await select(`name, ${literal} AS long FROM files`, { from: rowsOf(40) });
    expect(rows.map(([name]) => name)).toEqual(rowsOf(40).map(([name]) => name));
    expect(pages).toBe(3);
  });

  it('is no row longer than a page', async () => {
    const from = [['f', 1, 'x'.repeat(MIB)]];
    await expect(select(`${repeated('md5', 8)}, name FROM files`, { from })).rejects.toMatchObject({
      kind: 'BadArguments',
      message: expect.stringContaining('at most 8388608 characters') as string,
    });
  });

  it('is sorted by long texts too, a few at a time', async () => {
    // Each place counts 8 texts of 256 KiB: seventeen of them are the most that is held.
    const from = rowsOf(40).map(([name = null, size = null]) => [name, size, 'x'.repeat(MIB / 4)]);
    const { rows, scans } = await select(`name FROM files ORDER BY size, ${repeated('md5', 8)}`, { from });
    expect(rows.map(([name]) => name)).toEqual(rowsOf(40).map(([name]) => name));
    expect(scans).toBeGreaterThan(1);
  });

  it('is not changed where it is small', async () => {
    const { rows, pages } = await select('name FROM files');
    expect(rows).toHaveLength(LETTERS.length);
    expect(pages).toBe(1);
  });
});
