import { lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { etagOf } from '../../../src/storage/providers/fs/read/file-stats.js';
import { FileWalk } from '../../../src/storage/providers/fs/read/file-walk.js';
import { ThreadedWalk } from '../../../src/storage/providers/fs/read/threaded-walk.js';
import type { WalkScope } from '../../../src/storage/providers/fs/read/walk-request.js';

const TEMPORARY = '.stagedoor-unfinished';

let root: string;

function write(key: string, content = ''): void {
  const path = join(root, key);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
}

const scope = (more: Partial<WalkScope> = {}): WalkScope => ({
  root,
  prefix: '',
  startAfter: '',
  markers: false,
  isLevel: false,
  ...more,
});

async function keys(walk: FileWalk | ThreadedWalk, count = 100): Promise<readonly string[]> {
  return (await walk.next(count)).keys;
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stagedoor-walk-'));
  for (const key of ['a', 'd/1', 'd/2', 'd-', 'ü b']) write(key, `content of ${key}`);
  symlinkSync(join(root, 'a'), join(root, 'link'));
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(root, { recursive: true });
});

describe.each([
  ['a walk', (of: WalkScope) => new FileWalk(of)],
  ['a walk in a thread', (of: WalkScope) => new ThreadedWalk(of)],
])('%s', (_name, open) => {
  it('finds the files in the byte order of their keys, as many at a time as are asked for', async () => {
    const walk = open(scope());
    expect(await keys(walk, 2)).toEqual(['a', 'd-']);
    expect(await keys(walk, 2)).toEqual(['d/1', 'd/2']);
    expect(await keys(walk, 2)).toEqual(['ü b']);
    expect(await keys(walk, 2)).toEqual([]);
  });

  it('finds on one level the files, and the directories that hold a file at any depth', async () => {
    for (const key of ['deep/er/est/1', `deep/er/${TEMPORARY}/2`, `left/${TEMPORARY}/3`, '.e']) write(key);
    for (const name of ['empty', 'hollow/hollow', 'linked']) mkdirSync(join(root, name), { recursive: true });
    symlinkSync(join(root, 'a'), join(root, 'linked/a'));
    const walk = open(scope({ isLevel: true }));
    expect(await keys(walk, 3)).toEqual(['.e', 'a', 'd-']);
    expect(await keys(walk)).toEqual(['d/', 'deep/', 'ü b']);
    expect(await keys(open(scope({ isLevel: true, prefix: 'deep/e' })))).toEqual(['deep/er/']);
    expect(await keys(open(scope({ isLevel: true, startAfter: 'd/' })))).toEqual(['deep/', 'ü b']);
  });

  it('looks into directories whose names are no UTF-8', async () => {
    const inner = Buffer.from([0x2f, 0xff]);
    mkdirSync(Buffer.concat([Buffer.from(root), Buffer.from('/odd'), inner, inner]), { recursive: true });
    mkdirSync(join(root, 'odd'), { recursive: true });
    writeFileSync(Buffer.concat([Buffer.from(root), Buffer.from('/odd'), inner, inner, inner]), '');
    expect(await keys(open(scope({ isLevel: true, prefix: 'o' })))).toEqual(['odd/']);
  });

  it('tells what lstat tells of each', async () => {
    const { keys: found, etags, numbers } = await open(scope()).next(100);
    expect(found).toHaveLength(5);
    found.forEach((key, index) => {
      const stats = lstatSync(join(root, key));
      expect([key, etags[index]]).toEqual([key, etagOf(stats)]);
      expect([...numbers.slice(2 * index, 2 * index + 2)]).toEqual([stats.size, stats.mtimeMs]);
    });
    expect(numbers).toHaveLength(10);
  });

  it('begins behind a key, and keeps to a prefix', async () => {
    expect(await keys(open(scope({ startAfter: 'd/1' })))).toEqual(['d/2', 'ü b']);
    expect(await keys(open(scope({ prefix: 'd' })))).toEqual(['d-', 'd/1', 'd/2']);
    expect(await keys(open(scope({ prefix: 'd/', startAfter: 'd/1' })))).toEqual(['d/2']);
    expect(await keys(open(scope({ prefix: 'none/' })))).toEqual([]);
  });

  it('passes over what goes away on the way', async () => {
    const walk = open(scope());
    write('z/1');
    expect(await keys(walk, 1)).toEqual(['a']);
    rmSync(join(root, 'd-'));
    rmSync(join(root, 'd'), { recursive: true });
    rmSync(join(root, 'z'), { recursive: true });
    writeFileSync(join(root, 'z'), 'no directory any more');
    expect(await keys(walk)).toEqual(['ü b']);
  });

  it('and a directory that has become a file under it', async () => {
    const walk = open(scope());
    expect(await keys(walk, 3)).toEqual(['a', 'd-', 'd/1']);
    rmSync(join(root, 'd'), { recursive: true });
    writeFileSync(join(root, 'd'), '');
    expect(await keys(walk)).toEqual(['ü b']);
  });
});

describe('walks in the thread', () => {
  it('are kept apart, whoever comes first', async () => {
    const walks = Array.from({ length: 50 }, () => new ThreadedWalk(scope()));
    const firsts = await Promise.all(walks.map((walk) => keys(walk, 1)));
    const rests = await Promise.all(walks.toReversed().map((walk) => keys(walk)));
    expect(firsts).toEqual(walks.map(() => ['a']));
    expect(rests).toEqual(walks.map(() => ['d-', 'd/1', 'd/2', 'ü b']));
  });

  it('find nothing any more when they are closed', async () => {
    const [closed, other] = [new ThreadedWalk(scope()), new ThreadedWalk(scope())];
    expect(await keys(closed, 1)).toEqual(['a']);
    closed.close();
    await expect(closed.next(1)).rejects.toThrow('closed');
    expect(await keys(other, 1)).toEqual(['a']);
  });

  it('fail with the code of the system', async () => {
    const walk = new ThreadedWalk(scope({ root: join(root, '\0') }));
    await expect(walk.next(1)).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
  });
});

it('a walk that takes long lets others have their turn, within a directory too', async () => {
  const FILES = 2500;
  for (let i = 0; i < FILES; i++) write(`many/${String(i)}`);
  let turns = 0;
  const count = (): void => {
    turns++;
    next = setImmediate(count);
  };
  let next = setImmediate(count);
  let now = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => (now += 20)); // every look at the clock is a slice later
  try {
    const walk = new FileWalk(scope({ prefix: 'many/' }));
    expect(await keys(walk, 1)).toEqual(['many/0']);
    expect(turns).toBeGreaterThanOrEqual(3);
    turns = 0;
    expect(await keys(walk, FILES)).toHaveLength(FILES - 1);
    expect(turns).toBeGreaterThan(FILES / 2);
  } finally {
    clearImmediate(next);
  }
});
