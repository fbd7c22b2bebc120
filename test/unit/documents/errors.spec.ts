import { allErrorKinds } from '../../../src/http/errors/error-table.js';
import { tableRows } from './tables.js';

describe('the errors in docs/reference/errors.md', () => {
  it('are the kinds that answers can have, each with its status and its code', async () => {
    const documented = await tableRows('docs/reference/errors.md', ['kind', 'HTTP', 'code']);
    const known = allErrorKinds().map(
      ({ kind, status, code }) => `${kind} ${String(status)} ${String(code)}`,
    );
    expect(documented.map((cells) => cells.join(' ')).sort()).toEqual([...new Set(known)].sort());
  });
});
