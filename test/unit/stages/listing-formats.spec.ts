import type { FilePage } from '../../../src/stages/files/listing/file-listings.js';
import type { ListedEntry } from '../../../src/stages/files/listing/listed-entry.js';
import { LISTING_FORMATS, type ListingType } from '../../../src/stages/files/listing/listing-formats.js';

const JSON_TYPE = 'application/json';
const NDJSON_TYPE = 'application/x-ndjson';

/** A name that ends in a slash is a common prefix. */
const entry = (name: string): ListedEntry =>
  name.endsWith('/') ? { prefix: name } : { name, size: 1, md5: null, last_modified: 'now', creator: null };

function pageOf(
  batches: readonly (readonly string[])[],
  end: Partial<ReturnType<FilePage['end']>> = {},
): FilePage {
  return {
    batches: (async function* () {
      for (const names of batches) yield await Promise.resolve(names.map(entry));
    })(),
    end: () => ({ nextCursor: null, unlisted: [], ...end }),
  };
}

async function piecesOf(type: ListingType, page: FilePage, hasPrefixes = false): Promise<string[]> {
  const pieces: string[] = [];
  for await (const piece of LISTING_FORMATS[type](page, { hasPrefixes })) pieces.push(piece);
  return pieces;
}

async function jsonOf(page: FilePage, hasPrefixes = false): Promise<unknown> {
  return JSON.parse((await piecesOf(JSON_TYPE, page, hasPrefixes)).join(''));
}

describe('a listing as JSON', () => {
  it.each<[string, string[][]]>([
    ['nothing', []],
    ['one row', [['a']]],
    ['rows in several batches', [['a', 'b'], ['c'], ['d']]],
    ['names that need escaping', [['"\\', '日本🎭', 'a\u2028b']]],
  ])('has %s', async (_what, batches) => {
    expect(await jsonOf(pageOf(batches))).toEqual({ files: batches.flat().map(entry), next_cursor: null });
  });

  it.each<[string, string[][], string[], string[]]>([
    [
      'beside files',
      [
        ['a', 'b/'],
        ['c/', 'd'],
      ],
      ['a', 'd'],
      ['b/', 'c/'],
    ],
    ['alone', [['b/']], [], ['b/']],
    ['without any', [['a']], ['a'], []],
  ])('has common prefixes in a field of their own, %s', async (_what, batches, files, prefixes) => {
    expect(await jsonOf(pageOf(batches), true)).toEqual({
      files: files.map(entry),
      prefixes,
      next_cursor: null,
    });
  });

  it('says where it goes on, and what could not be read', async () => {
    const page = pageOf([['a']], { nextCursor: 'next', unlisted: ['b/'] });
    expect(await jsonOf(page)).toEqual({ files: [entry('a')], next_cursor: 'next', unlisted: ['b/'] });
  });

  it('is written batch by batch', async () => {
    expect(await piecesOf(JSON_TYPE, pageOf([['a', 'b'], ['c']]))).toHaveLength(3);
  });

  it('has a line for each row, within a batch and between two', async () => {
    const lines = (await piecesOf(JSON_TYPE, pageOf([['a', 'b'], ['c']]))).join('').split('\n');
    expect(lines.map((line) => /"name":"(.)"/.exec(line)?.[1])).toEqual(['a', 'b', 'c', undefined]);
  });
});

describe('a listing as NDJSON', () => {
  async function linesOf(page: FilePage): Promise<unknown[]> {
    const text = (await piecesOf(NDJSON_TYPE, page)).join('');
    expect(text.endsWith('\n')).toBe(true);
    return text
      .slice(0, -1)
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  }

  it('has a line for each entry in their order, and its end in the last one', async () => {
    expect(await linesOf(pageOf([['a', 'b/'], ['c']]))).toEqual([
      entry('a'),
      { prefix: 'b/' },
      entry('c'),
      { next_cursor: null },
    ]);
  });

  it('has the end alone where nothing is listed', async () => {
    expect(await linesOf(pageOf([]))).toEqual([{ next_cursor: null }]);
  });

  it('says where it goes on, and what could not be read', async () => {
    const page = pageOf([['a']], { nextCursor: 'next', unlisted: ['b/'] });
    expect((await linesOf(page)).at(-1)).toEqual({ next_cursor: 'next', unlisted: ['b/'] });
  });
});
