import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

interface Outcome {
  readonly results: readonly string[];
  readonly calls: readonly { readonly call: string; readonly inode: number }[];
}

const PROCESSES = fileURLToPath(new URL('processes/', import.meta.url));
let root: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'stagedoor-processes-')));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

/** Puts by the built provider in a process of its own. */
async function putBy(
  node: readonly string[],
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Outcome> {
  const command = [...node, join(PROCESSES, 'put.mjs'), root, ...args];
  const { stdout } = await promisify(execFile)(process.execPath, command, {
    env: { ...process.env, ...env },
  });
  return JSON.parse(stdout) as Outcome; // as it prints it
}

const WATCHED = ['--import', join(PROCESSES, 'watched-fs.mjs')];
const inodeOf = (...path: string[]): number => statSync(join(root, ...path)).ino;

describe('a put survives a power cut once it has resolved', () => {
  it.each(['replaced', 'absent'])(
    'the file is synced before it has its name, and its directories afterwards: %s',
    async (condition) => {
      mkdirSync(join(root, '.stagedoor-unfinished'));
      const { results, calls } = await putBy(WATCHED, [condition, 'content', 'new/dir/a.csv']);
      expect(results).toEqual(['stored']);
      expect(calls).toEqual([
        { call: 'fdatasync', inode: inodeOf('new/dir/a.csv') },
        { call: 'name', inode: inodeOf('new/dir/a.csv') },
        { call: 'fsync', inode: inodeOf('new/dir') },
        { call: 'fsync', inode: inodeOf('new') },
        { call: 'fsync', inode: inodeOf() },
      ]);
    },
  );

  it('in a directory that is there, that one alone is synced', async () => {
    mkdirSync(join(root, '.stagedoor-unfinished'));
    mkdirSync(join(root, 'dir'));
    const { calls } = await putBy(WATCHED, ['replaced', 'content', 'dir/a.csv']);
    expect(calls.slice(1)).toEqual([
      { call: 'name', inode: inodeOf('dir/a.csv') },
      { call: 'fsync', inode: inodeOf('dir') },
    ]);
  });
});

describe('a put on the condition that there is no object', () => {
  it('leaves what has appeared in the last moment, whoever has made it', async () => {
    const { results } = await putBy(WATCHED, ['absent', 'mine', 'a.csv'], { INTRUDER: 'of somebody else' });
    expect(results).toEqual(['PreconditionFailed']);
    expect(readFileSync(join(root, 'a.csv'), 'utf8')).toBe('of somebody else');
  });

  it('is won by exactly one of several processes', async () => {
    const keys = Array.from({ length: 100 }, (_, index) => `raced-${String(index)}.csv`);
    const contents = ['one', 'two', 'three'];
    const outcomes = await Promise.all(contents.map((content) => putBy([], ['absent', content, ...keys])));
    keys.forEach((key, index) => {
      const results = outcomes.map((outcome) => outcome.results[index]);
      const winner = contents[results.indexOf('stored')];
      expect([...results].sort()).toEqual(['PreconditionFailed', 'PreconditionFailed', 'stored']);
      expect([key, readFileSync(join(root, key), 'utf8')]).toEqual([key, winner]);
    });
  });
});
