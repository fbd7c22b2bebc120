import type { Cell } from '../../../../src/query/rows/cell.js';
import { OpenScans } from '../../../../src/query/rows/open-scans.js';
import type { PagePosition } from '../../../../src/query/rows/page.js';
import { readPage } from '../../../../src/query/rows/result-page.js';
import { compileSelection } from '../../../../src/query/rows/selection.js';
import type { Row, ScanOptions, Table } from '../../../../src/query/rows/table.js';
import { parseStatement } from '../../../../src/query/sql/parser.js';

const FACTS = {
  version: 'v',
  user: "'ann'@'%'",
  role: 'public',
  catalog: 'default',
  database: 'db',
  sessionId: 's',
  timezone: 'UTC',
  roles: { hasAll: false, inEffect: () => ['public', 'r'], available: () => ['public', 'r', 's'] },
  expandRoles: true,
};

export const LETTERS: readonly Row[] = [
  ['A', 10, null],
  ['a', 2, 'x'],
  ['b_1', 10, 'Y'],
  ['b%', 0, null],
  ['ﬀ', 7, 'x'],
  ['🔑', 1, 'z'],
];

class Rows implements Table {
  readonly columns = [
    { name: 'name', type: 'String' },
    { name: 'size', type: 'UInt64' },
    { name: 'md5', type: 'Nullable(String)' },
  ];
  scans = 0;
  readonly #rows: readonly Row[];

  constructor(rows: readonly Row[]) {
    this.#rows = rows;
  }

  has(): boolean {
    return true;
  }

  async *scan({ after }: ScanOptions): AsyncGenerator<readonly Row[]> {
    this.scans++;
    const start = after === undefined ? 0 : this.#rows.findIndex(([name]) => name === after) + 1;
    for (const row of this.#rows.slice(start)) yield await Promise.resolve([row]);
  }
}

export interface Answer {
  readonly rows: Cell[][];
  /** Types of the columns. */
  readonly types: readonly string[];
  readonly pages: number;
  /** How often the table was read from a place on. */
  readonly scans: number;
}

/** Every row of a SELECT, page by page. */
export async function select(
  clauses: string,
  { maxRows = 100, waitMs = 60_000, scans = new OpenScans(), from = LETTERS } = {},
): Promise<Answer> {
  const sql = `SELECT ${clauses.replace('FROM files', "FROM list_stage(location => '@s')")}`;
  const statement = parseStatement(sql);
  if (statement.kind !== 'select-files') throw new TypeError(`${sql} is a ${statement.kind}`);
  const table = new Rows(from);
  const selection = compileSelection(statement, { sql, columns: table.columns, facts: FACTS });
  const { signal } = new AbortController();
  const rows: Cell[][] = [];
  let position: PagePosition | undefined;
  for (let pages = 1; ; pages++) {
    const deadline = performance.now() + waitMs;
    const page = await readPage(table, selection, { position, maxRows, deadline, signal, scans, query: 'q' });
    expect(page.rows.count).toBeLessThanOrEqual(maxRows);
    const cells = JSON.parse(page.rows.json) as Cell[][]; // as a client reads them
    expect(cells).toHaveLength(page.rows.count);
    rows.push(...cells);
    if (page.next === undefined) {
      return { rows, types: selection.columns.map(({ type }) => type), pages, scans: table.scans };
    }
    position = JSON.parse(JSON.stringify(page.next)) as PagePosition; // as a cursor carries it
  }
}
