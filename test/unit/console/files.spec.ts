import { allOf, ListedEntries } from '../../../console/src/files/list/entries.js';
import { EntryPage } from '../../../console/src/files/list/entry-page.js';
import { CutListingError, readPage } from '../../../console/src/files/list/read-page.js';
import type { StageFile } from '../../../console/src/files/list/file-entry.js';
import { nextOrder, sortedEntries, type SortOrder } from '../../../console/src/files/list/sorting.js';
import { sortedNumbers } from '../../../console/src/lib/merge-sort.js';
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

const file = (name: string, size: number, md5: string | null = null): StageFile => ({
  name,
  size,
  md5,
  creator: null,
  last_modified: new Date(size * 1000).toISOString(),
});

function page(files: readonly StageFile[], folders: readonly string[] = []): EntryPage {
  const made = new EntryPage();
  for (const listed of files) made.addFile(listed);
  for (const name of folders) made.addFolder(name);
  made.finish({ next_cursor: null });
  return made;
}

describe('the order of files', () => {
  const entries = new ListedEntries([
    page([file('a', 2, 'ff'), file('b', 1)]),
    page([file('c', 3, '0f')], ['z/']),
  ]);

  it.each<[SortOrder['column'], boolean, string]>([
    ['name', true, 'z/ c b a'],
    ['size', false, 'z/ b a c'],
    ['size', true, 'z/ c a b'],
    ['modifiedAt', true, 'z/ c a b'],
    ['md5', false, 'z/ c a b'],
    ['md5', true, 'z/ a c b'],
    ['creator', true, 'z/ a b c'],
  ])(
    'by %s (descending: %s) keeps folders first, and what is not known last',
    async (column, isDescending, order) => {
      const sorted = await sortedEntries(entries, { column, isDescending }, new AbortController().signal);
      expect([...allOf(sorted)].map(({ name }) => name)).toEqual(order.split(' '));
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

describe('entries of a listing', () => {
  it('are what is shown of a page, folders first', () => {
    const row = {
      name: 'ä/\u{1F600}',
      size: 2 ** 52,
      md5: null,
      creator: "'ada'@'%'",
      last_modified: '2026-11-25 19:21:23.281 +0000',
    };
    expect([...allOf(page([row, file('b', 1, 'ff')], ['c/', 'd/']))]).toEqual([
      { kind: 'folder', name: 'c/' },
      { kind: 'folder', name: 'd/' },
      {
        kind: 'file',
        name: row.name,
        size: row.size,
        md5: null,
        creator: row.creator,
        modifiedAt: 1_795_634_483_281,
      },
      { kind: 'file', name: 'b', size: 1, md5: 'ff', creator: null, modifiedAt: 1000 },
    ]);
  });

  it('have one number over all pages, of which some are empty', () => {
    const entries = new ListedEntries([
      page([]),
      page([file('a', 1), file('b', 1)]),
      page([]),
      page([file('c', 1)]),
    ]);
    expect(entries.count).toBe(3);
    expect([-1, 0, 1, 2, 3].map((line) => entries.at(line)?.name)).toEqual([
      undefined,
      'a',
      'b',
      'c',
      undefined,
    ]);
  });
});

describe('numbers sorted in pieces', () => {
  it.each([0, 1, 4096, 4097, 50_000])('are %d in order', async (count) => {
    const keys = Float64Array.from({ length: count }, (_, number) => (number * 7919) % 101);
    const compare = (one: number, other: number): number =>
      (keys[one] ?? 0) - (keys[other] ?? 0) || one - other;
    const sorted = await sortedNumbers(count, compare, new AbortController().signal);
    expect([...sorted]).toEqual([...keys.keys()].sort(compare));
  });

  it('are given up where nobody waits for them', async () => {
    const sorting = sortedNumbers(
      1_000_000,
      (one, other) => other - one,
      AbortSignal.abort(new Error('gone')),
    );
    await expect(sorting).rejects.toThrow('gone');
  });
});

describe('a page of a listing', () => {
  const lines = [
    '{"prefix":"ä/"}',
    '{"name":"b","size":1,"md5":null,"creator":null,"last_modified":"2026-11-25 19:21:23.281 +0000"}',
  ];
  const read = async (text: string): Promise<EntryPage> => {
    const bytes = new TextEncoder().encode(text);
    const pieces = Array.from(bytes, (byte) => Uint8Array.of(byte)); // characters are cut, too
    return readPage(ReadableStream.from(pieces), new AbortController().signal);
  };

  it('is read line by line, up to its end', async () => {
    const made = await read(`${lines.join('\n')}\n{"next_cursor":"next","unlisted":["secret/"]}\n`);
    expect([...allOf(made)].map(({ name }) => name)).toEqual(['ä/', 'b']);
    expect([made.nextCursor, made.unlisted]).toEqual(['next', ['secret/']]);
  });

  it('is refused without an end: names may be missing', async () => {
    await expect(read(`${lines.join('\n')}\n`)).rejects.toThrow(CutListingError);
  });
});
