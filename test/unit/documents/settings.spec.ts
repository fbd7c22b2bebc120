import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { REPOSITORY } from '../../acceptance/documents/pages.js';
import { tableRows } from './tables.js';

const PAGES = ['settings', 'settings-limits', 'settings-process'].map((name) => `docs/reference/${name}.md`);
/** Any option of the internal storage's connection: no setting of its own in the code. */
const STORAGE_OPTION = 'INTERNAL_STORAGE_<OPTION>';

/** What the code says of each setting, such as `wholeNumber(0, 65_535).default(8000)`, by its name. */
async function settingsOfCode(): Promise<ReadonlyMap<string, string>> {
  const source = await readFile(join(REPOSITORY, 'src/config/app-config.ts'), 'utf8');
  const schema = /const SETTINGS = z\.object\(\{\n(.*?)^\}\);/ms.exec(source)?.[1] ?? '';
  return new Map(schema.split(/^ {2}(?=[A-Z])/m).flatMap((text) => entryOf(text)));
}

function entryOf(text: string): [string, string][] {
  const [, name, rule] = /^(\w+): (.*)/s.exec(text) ?? [];
  return name === undefined || rule === undefined ? [] : [[name, rule]];
}

/** `8000` and `0 to 65,535`; undefined for what is no number with two bounds. */
function numberOf(rule: string): [string, string] | undefined {
  const [, least, most, fallback] = /^wholeNumber\(([\d_]+), ([\d_]+)\)\.default\((\d+)\)/.exec(rule) ?? [];
  if (least === undefined || most === undefined || fallback === undefined) return undefined;
  const [from, to] = [least, most].map((digits) => Number(digits.replaceAll('_', '')).toLocaleString('en'));
  return [fallback, `${String(from)} to ${String(to)}`];
}

async function rowsOf(columns: readonly string[]): Promise<string[][]> {
  const tables = await Promise.all(PAGES.map((page) => tableRows(page, columns)));
  return tables.flat();
}

describe('the settings in docs/reference/settings*.md', () => {
  it('are those that the code reads', async () => {
    const names = (await rowsOf(['setting'])).flat();
    const known = [...(await settingsOfCode()).keys(), STORAGE_OPTION];
    expect(names.sort()).toEqual(known.sort());
  });

  it('that are numbers have the defaults and bounds of the code', async () => {
    const rows = await rowsOf(['setting', 'default', 'values']);
    const documented = new Map(rows.map(([name = '', ...cells]) => [name, cells]));
    const numbers = [...(await settingsOfCode())].flatMap(([name, rule]) => {
      const number = numberOf(rule);
      return number === undefined ? [] : [[name, number] as const];
    });
    expect(numbers.length).toBeGreaterThan(10);
    expect(numbers.map(([name]) => [name, documented.get(name)])).toEqual(numbers);
  });
});
