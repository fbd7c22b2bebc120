import { allErrorKinds } from '../../../src/http/errors/error-table.js';
import { tableRows } from './tables.js';

const PAGES = ['docs/reference/errors.md', 'docs/reference/errors-400.md'];

describe(`the errors in ${PAGES.join(' and ')}`, () => {
  it('are the kinds that answers can have, each with its status and its code', async () => {
    const columns = ['kind', 'HTTP', 'code'];
    const documented = (await Promise.all(PAGES.map((page) => tableRows(page, columns)))).flat();
    const known = allErrorKinds().map(
      ({ kind, status, code }) => `${kind} ${String(status)} ${String(code)}`,
    );
    expect(documented.map((cells) => cells.join(' ')).sort()).toEqual([...new Set(known)].sort());
  });
});
