import * as fs from 'node:fs';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import * as promises from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { listedKey } from '../../src/storage/contract/listed-key.js';
import { objectKey } from '../../src/storage/contract/object-key.js';
import type { StorageProvider } from '../../src/storage/contract/storage-provider.js';
import { bodyOf } from './bodies.js';
import { listedKeys, putText } from './expectations.js';

const NAMES = ['a:b.csv', 'dir/what?.csv', 'd*r/a.csv', 'a|b'];

type Call = (...args: unknown[]) => unknown;

let root: string;
let provider: StorageProvider;

/** As exFAT and NTFS refuse a path, whatever is asked of it. */
function refused(path: unknown, syscall: string): Error | undefined {
  if (typeof path !== 'string' || !/[:?*|]/.test(path)) return undefined;
  return Object.assign(new Error(`EINVAL: invalid argument, ${syscall} '${path}'`), {
    code: 'EINVAL',
    syscall,
  });
}

/** The functions of a module, with a file system that holds no such names. */
function refusing(module: object): object {
  const isAsync = module === promises;
  const entries = Object.entries(module as Record<string, unknown>).map(([name, value]) => {
    const syscall = name.replace(/Sync$/, '');
    if (!/^(link|lstat|mkdir|open|opendir|rename|stat|unlink)$/.test(syscall)) return [name, value];
    if (!isAsync && !name.endsWith('Sync')) return [name, value];
    const call = value as Call; // all of these are functions
    return [
      name,
      (...args: unknown[]) => {
        const error = [args[0], args[1]]
          .map((path) => refused(path, syscall))
          .find((found) => found !== undefined);
        if (error === undefined) return call(...args);
        if (isAsync) return Promise.reject(error);
        throw error;
      },
    ];
  });
  return Object.fromEntries(entries) as object;
}

beforeAll(() => {
  const realpathSync = Object.assign((path: string) => fs.realpathSync(path), {
    native: (path: string) => {
      const error = refused(path, 'realpath');
      if (error !== undefined) throw error;
      return fs.realpathSync.native(path);
    },
  });
  jest.unstable_mockModule('node:fs', () => ({ ...refusing(fs), realpathSync }));
  jest.unstable_mockModule('node:fs/promises', () => refusing(promises));
});

beforeEach(async () => {
  const { FsStorageProvider } = await import('../../src/storage/providers/fs/fs-storage.provider.js');
  root = realpathSync(mkdtempSync(join(tmpdir(), 'stagedoor-refused-')));
  provider = new FsStorageProvider(root);
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

describe.each(NAMES)('on a file system that holds no name such as %s', (name) => {
  it.each([{}, { condition: { kind: 'absent' } } as const])(
    'a put of it is refused as such: %j',
    async (options) => {
      const body = bodyOf('x');
      if (name.startsWith('dir/')) mkdirSync(join(root, 'dir'));
      const before = readdirSync(root);
      await expect(provider.put(objectKey(name), body, options)).rejects.toMatchObject({
        kind: 'InvalidKey',
        message: 'The file system cannot hold that name: choose another one.',
      });
      expect(body.destroyed).toBe(true);
      expect(readdirSync(root)).toEqual(before);
    },
  );

  it('no file has it', async () => {
    await putText(provider, 'a.csv', 'a');
    await expect(provider.get(listedKey(name))).rejects.toMatchObject({ kind: 'NotFound' });
    await expect(provider.stat(listedKey(name))).rejects.toMatchObject({ kind: 'NotFound' });
    expect(await provider.remove([listedKey(name)])).toEqual({ removed: 1, failures: [] });
    expect(await listedKeys(provider, { prefix: name })).toEqual([]);
    expect(await listedKeys(provider, { prefix: `${name}/` })).toEqual([]);
  });
});
