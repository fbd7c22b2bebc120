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

const file = (
  name: string,
  size: number,
  md5: string | null = null,
  creator: string | null = null,
): StageFile => ({
  name,
  size,
  md5,
  last_modified: `2026-11-25 19:21:0${String(size)}.281 +0000`,
  creator,
});

/** A page as a server sends it, that comes in pieces of one byte: characters are cut, too. */
async function read(text: string, underlying: 'bytes' | 'pieces' = 'pieces'): Promise<EntryPage> {
  const pieces = Array.from(new TextEncoder().encode(text), (byte) => Uint8Array.of(byte));
  const content = underlying === 'pieces' ? ReadableStream.from(pieces) : bytesOf(pieces);
  return readPage(content, new AbortController().signal);
}

/** A stream as browsers give it, that writes into the memory of its reader. */
function bytesOf(pieces: readonly Uint8Array<ArrayBuffer>[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  const left = [...pieces];
  const content = new ReadableStream({
    type: 'bytes',
    pull(controller) {
      const piece = left.shift();
      if (piece === undefined) {
        controller.close();
        controller.byobRequest?.respond(0);
      } else controller.enqueue(piece);
    },
  });
  return content as ReadableStream<Uint8Array<ArrayBuffer>>; // pieces of them
}

async function page(files: readonly StageFile[], folders: readonly string[] = []): Promise<EntryPage> {
  const lines = [...files, ...folders.map((prefix) => ({ prefix })), { next_cursor: null }];
  return read(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

describe('the order of files', () => {
  let entries: ListedEntries;

  beforeAll(async () => {
    entries = new ListedEntries([
      await page([file('a', 2, 'ff'), file('b', 1, null, 'ada')]),
      await page([file('c', 3, '0f')], ['z/']),
    ]);
  });

  it.each<[SortOrder['column'], boolean, string]>([
    ['name', true, 'z/ c b a'],
    ['size', false, 'z/ b a c'],
    ['size', true, 'z/ c a b'],
    ['modifiedAt', true, 'z/ c a b'],
    ['md5', false, 'z/ c a b'],
    ['md5', true, 'z/ a c b'],
    ['creator', true, 'z/ b a c'],
  ])(
    'by %s (descending: %s) keeps folders first, and what is not known last',
    async (column, isDescending, order) => {
      const sorted = await sortedEntries(entries, { column, isDescending }, new AbortController().signal);
      expect([...allOf(sorted)].map(({ name }) => name)).toEqual(order.split(' '));
    },
  );

  it('by md5 tells those apart that begin alike, and knows equal ones', async () => {
    const md5s = ['f', '0', 'a', '9', 'a'].map((digit) => `${'ab'.repeat(15)}a${digit}`);
    const many = new ListedEntries([await page(md5s.map((md5, index) => file(`f${String(index)}`, 1, md5)))]);
    const order = { column: 'md5', isDescending: false } as const;
    const sorted = await sortedEntries(many, order, new AbortController().signal);
    expect([...allOf(sorted)].map(({ name }) => name)).toEqual(['f1', 'f3', 'f2', 'f4', 'f0']);
  });

  it('by creator is that of their names', async () => {
    const creators = ['ben', null, 'ada', 'ben', 'cy'];
    const many = new ListedEntries([
      await page(creators.map((creator, index) => file(`f${String(index)}`, 1, null, creator))),
    ]);
    const order = { column: 'creator', isDescending: true } as const;
    const sorted = await sortedEntries(many, order, new AbortController().signal);
    expect([...allOf(sorted)].map(({ name }) => name)).toEqual(['f4', 'f0', 'f3', 'f2', 'f1']);
  });

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
  it('are what is shown of a page, folders first', async () => {
    const row = {
      ...file('ä/\u{1F600}', 2 ** 52),
      creator: "'ada'@'%'",
      last_modified: '2026-11-25 19:21:23.281 +0000',
    };
    expect([...allOf(await page([row, file('b', 1, 'ff')], ['c/', 'd/']))]).toEqual([
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
      { kind: 'file', name: 'b', size: 1, md5: 'ff', creator: null, modifiedAt: 1_795_634_461_281 },
    ]);
  });

  it('have one number over all pages, of which some are empty', async () => {
    const entries = new ListedEntries([
      await page([]),
      await page([file('a', 1), file('b', 1)]),
      await page([]),
      await page([file('c', 1)]),
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

  it.each(['"', '\\', '\\"', '\u0000\n', '\uD800', '","size":7,"name":"', '{"next_cursor":null}', '{}', ' '])(
    'have the name %j, as it is',
    async (name) => {
      const entries = await page([file(name, 1, null, name)], [`${name}/`]);
      expect([...allOf(entries)]).toMatchObject([{ name: `${name}/` }, { name, size: 1, creator: name }]);
    },
  );

  it('have the creator of each, also where it changes from line to line', async () => {
    const creators = ['ada', null, 'ada', 'ben', 'ben', null];
    const entries = await page(creators.map((creator, index) => file(String(index), 1, null, creator)));
    expect([...allOf(entries)]).toMatchObject(creators.map((creator) => ({ creator })));
  });

  it('are as many as a page has, more than are packed at once', async () => {
    const names = Array.from({ length: 1100 }, (_, index) => `${String(index)}${'x'.repeat(index % 99)}`);
    const entries = await page(names.map((name, index) => file(name, index % 10)));
    expect([...allOf(entries)]).toMatchObject(names.map((name, index) => ({ name, size: index % 10 })));
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
  it.each(['pieces', 'bytes'] as const)('is read line by line from %s, up to its end', async (underlying) => {
    const end = '{"next_cursor":"next","unlisted":["secret/"]}';
    const made = await read(`${lines.join('\n')}\n${end}\n`, underlying);
    expect([...allOf(made)].map(({ name }) => name)).toEqual(['ä/', 'b']);
    expect([made.nextCursor, made.unlisted]).toEqual(['next', ['secret/']]);
  });

  it('has longer lines than are read at once', async () => {
    const unlisted = ['x'.repeat(200_000)];
    const content = new Blob([`${lines.join('\n')}\n${JSON.stringify({ next_cursor: null, unlisted })}\n`]);
    const made = await readPage(content.stream(), new AbortController().signal);
    expect([made.count, made.unlisted]).toEqual([2, unlisted]);
  });

  it.each(['', '{"next_cur', '{"next_cursor":null}'])(
    'is refused without a whole line at its end (%j): names may be missing',
    async (end) => {
      await expect(read(`${lines.join('\n')}\n${end}`)).rejects.toThrow(CutListingError);
    },
  );
});
