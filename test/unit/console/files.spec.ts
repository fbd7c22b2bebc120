import { entriesOf, type FileEntry } from '../../../console/src/files/list/file-entry.js';
import { nextOrder, sortedEntries, type SortOrder } from '../../../console/src/files/list/sorting.js';
import { zipQuery, ZipSelectionError } from '../../../console/src/files/zip-query.js';

describe('which files a ZIP holds', () => {
  it.each([
    ['', [], {}],
    ['day/', [], { prefix: 'day/' }],
    ['day/', ['day/sub/'], { prefix: 'day/sub/' }],
    ['day/', ['day/a.csv'], { prefix: 'day/', pattern: String.raw`a\.csv` }],
    ['', ['a+b', 'sub/'], { pattern: String.raw`a\+b|sub/(?s:.*)` }],
  ])('of %j, where %j are chosen', (folder, names, query) => {
    expect(zipQuery(folder, names)).toEqual(query);
  });

  it('has no special character in a name', () => {
    const name = String.raw`\.+*?()|[]{}^$`;
    const { pattern = '' } = zipQuery('', [name]);
    expect(new RegExp(`^(?:${pattern})$`).test(name)).toBe(true);
  });

  it('is refused for names that fit into no request', () => {
    const names = Array.from({ length: 100 }, (_, index) => `a long name of number ${String(index)}`);
    expect(() => zipQuery('', names)).toThrow(ZipSelectionError);
  });
});

describe('the order of files', () => {
  const file = (name: string, size: number, md5: string | null = null): FileEntry => ({
    kind: 'file',
    name,
    size,
    md5,
    modifiedAt: size * 1000,
    creator: null,
  });
  const entries = [
    { kind: 'folder', name: 'z/' } as const,
    file('a', 2, 'ff'),
    file('b', 1),
    file('c', 3, '0f'),
  ];
  const pages = [{ entries, unlisted: [], nextCursor: null }];

  it.each<[SortOrder['column'], boolean, string]>([
    ['name', true, 'z/ c b a'],
    ['size', false, 'z/ b a c'],
    ['size', true, 'z/ c a b'],
    ['modifiedAt', true, 'z/ c a b'],
    ['md5', false, 'z/ c a b'],
    ['md5', true, 'z/ a c b'],
  ])(
    'by %s (descending: %s) keeps folders first, and what is not known last',
    (column, isDescending, order) => {
      expect(sortedEntries(pages, { column, isDescending }).map(({ name }) => name)).toEqual(
        order.split(' '),
      );
    },
  );

  it('is up, down, and as listed again', () => {
    const up = nextOrder(undefined, 'size');
    const down = nextOrder(up, 'size');
    expect([up, down, nextOrder(down, 'size')]).toEqual([
      { column: 'size', isDescending: false },
      { column: 'size', isDescending: true },
      undefined,
    ]);
    expect(nextOrder(undefined, 'name')).toEqual({ column: 'name', isDescending: true });
  });
});

it('keeps of a page what is shown, folders first', () => {
  const row = {
    name: 'a',
    size: 1,
    md5: null,
    creator: "'ada'@'%'",
    last_modified: '2026-11-25 19:21:23.281 +0000',
  };
  expect(entriesOf({ files: [row], prefixes: ['b/'] })).toEqual([
    { kind: 'folder', name: 'b/' },
    { kind: 'file', name: 'a', size: 1, md5: null, creator: "'ada'@'%'", modifiedAt: 1_795_634_483_281 },
  ]);
});
