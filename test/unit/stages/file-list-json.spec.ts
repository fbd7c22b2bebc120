import { fileListJson } from '../../../src/stages/files/file-list-json.js';
import { decodeCursor } from '../../../src/stages/files/list-cursor.js';
import type { StageFileRow } from '../../../src/stages/files/stage-file-row.js';

interface Answer {
  readonly files: readonly StageFileRow[];
  readonly next_cursor: string | null;
}

const row = (name: string): StageFileRow => ({
  name,
  size: 1,
  md5: null,
  last_modified: 'now',
  creator: null,
});

async function* batchesOf(names: readonly (readonly string[])[]): AsyncGenerator<readonly StageFileRow[]> {
  for (const batch of names) yield await Promise.resolve(batch.map(row));
}

async function piecesOf(names: readonly (readonly string[])[], limit: number): Promise<string[]> {
  const pieces: string[] = [];
  for await (const piece of fileListJson(batchesOf(names), limit)) pieces.push(piece);
  return pieces;
}

it.each<[string, string[][], number, string[], string | null]>([
  ['nothing', [], 10, [], null],
  ['one row', [['a']], 10, ['a'], null],
  ['rows in several batches', [['a', 'b'], ['c'], ['d']], 10, ['a', 'b', 'c', 'd'], null],
  ['exactly the limit', [['a', 'b'], ['c']], 3, ['a', 'b', 'c'], null],
  ['one more, in the same batch', [['a', 'b', 'c']], 2, ['a', 'b'], 'b'],
  ['one more, in a batch of its own', [['a', 'b'], ['c']], 2, ['a', 'b'], 'b'],
  ['one row a page', [['a', 'b']], 1, ['a'], 'a'],
  ['names that need escaping', [['"\\', '日本🎭', 'a\u2028b']], 3, ['"\\', '日本🎭', 'a\u2028b'], null],
])('%s', async (_what, names, limit, expected, cursor) => {
  const answer = JSON.parse((await piecesOf(names, limit)).join('')) as Answer;
  expect(answer.files).toEqual(expected.map(row));
  expect(answer.next_cursor === null ? null : decodeCursor(answer.next_cursor)).toBe(cursor);
});

it('is written batch by batch', async () => {
  expect(await piecesOf([['a', 'b'], ['c']], 10)).toHaveLength(3);
});

it('has a line for each row, within a batch and between two', async () => {
  const lines = (await piecesOf([['a', 'b'], ['c']], 10)).join('').split('\n');
  expect(lines.map((line) => /"name":"(.)"/.exec(line)?.[1])).toEqual(['a', 'b', 'c', undefined]);
});
