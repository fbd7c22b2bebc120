import * as fs from 'node:fs';
import * as promises from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { jest } from '@jest/globals';

const FOLDED = [
  'link',
  'lstat',
  'lstatSync',
  'mkdir',
  'open',
  'openSync',
  'opendirSync',
  'readdirSync',
  'rename',
  'renameSync',
  'rm',
  'rmdir',
  'statSync',
  'unlink',
] as const;
const fold = (name: string): string => name.normalize('NFC').toLowerCase();

/** The path that is there under those names, in whatever case and accents. */
function there(path: unknown): unknown {
  if (typeof path !== 'string' || path === '/' || path === '.') return path;
  const parent = String(there(dirname(path)));
  const name = path.slice(dirname(path).length).replace(/^\//, '');
  try {
    const found = fs.readdirSync(parent).find((entry) => fold(entry) === fold(name));
    return join(parent, found ?? name);
  } catch {
    return join(parent, name);
  }
}

type Call = (...args: unknown[]) => unknown;

/** The functions of a module, each with the paths that it is given (the first one, and the second of a rename) folded. */
function folding(module: object): object {
  const entries = Object.entries(module as Record<string, unknown>).map(([name, value]) => {
    if (!FOLDED.some((folded) => folded === name)) return [name, value];
    const call = value as Call; // all of these are functions
    const paths = name.startsWith('rename') || name === 'link' ? 2 : 1;
    return [
      name,
      (...args: unknown[]) => call(...args.map((arg, index) => (index < paths ? there(arg) : arg))),
    ];
  });
  return Object.fromEntries(entries) as object;
}

/** From here on modules that are imported anew see a file system that takes names in other letters for the same. */
export async function foldFileSystem(): Promise<void> {
  const realpathSync = Object.assign((path: string) => fs.realpathSync(String(there(path))), {
    native: (path: string) => fs.realpathSync.native(String(there(path))),
  });
  jest.unstable_mockModule('node:fs', () => ({ ...folding(fs), realpathSync }));
  jest.unstable_mockModule('node:fs/promises', () => folding(promises));
  // The thread has a file system of its own.
  const { FileWalk } = await import('../../src/storage/providers/fs/read/file-walk.js');
  jest.unstable_mockModule('../../src/storage/providers/fs/read/threaded-walk.js', () => ({
    ThreadedWalk: class extends FileWalk {
      close(): void {
        // holds nothing open
      }
    },
  }));
}
