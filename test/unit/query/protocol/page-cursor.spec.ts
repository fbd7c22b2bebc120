import { masterKeys } from '../../../../src/keys/master-keys.js';
import { jest } from '@jest/globals';
import { CURSOR_LIFE_MS, type PageCursor, PageCursors } from '../../../../src/query/protocol/page-cursor.js';
import { QueryError } from '../../../../src/query/query-error.js';

const QUERY = { userId: 'root', id: 'q1' };
const CURSOR: PageCursor = {
  sql: 'LIST @~',
  facts: { user: 'root', database: 'default', session: {} } as unknown as PageCursor['facts'], // any facts do
  roles: { role: 'reader' },
  maxRowsPerPage: 2,
  waitMs: 1000,
  page: 1,
  position: { after: ['b.csv'] } as unknown as PageCursor['position'], // any position does
};

describe('a page cursor', () => {
  const cursors = new PageCursors(masterKeys([Buffer.alloc(32, 7)]));

  beforeEach(() => jest.useFakeTimers({ now: 0 }));
  afterEach(() => jest.useRealTimers());

  it('opens as it was until its time is over', () => {
    const token = cursors.sign(QUERY, CURSOR);
    jest.setSystemTime(CURSOR_LIFE_MS);
    expect(cursors.verify(QUERY, 1, token)).toEqual(CURSOR);
  });

  it('is closed when its time is over', () => {
    const token = cursors.sign(QUERY, CURSOR);
    jest.setSystemTime(CURSOR_LIFE_MS + 1);
    expect(() => cursors.verify(QUERY, 1, token)).toThrow(
      new QueryError('ClosedQuery', 'Query q1 is closed for timed out.'),
    );
  });

  it.each([
    ['of another user', { ...QUERY, userId: 'ann' }, 1],
    ['of another query', { ...QUERY, id: 'q2' }, 1],
    ['of another page', QUERY, 2],
  ])('is none %s', (_whose, query, page) => {
    const token = cursors.sign(QUERY, CURSOR);
    expect(() => cursors.verify(query, page, token)).toThrow(/Invalid page number/);
  });
});
