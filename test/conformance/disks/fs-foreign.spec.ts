import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listedKey } from '../../../src/storage/contract/listed-key.js';
import { isMarker } from '../../../src/storage/contract/marker.js';
import { objectKey } from '../../../src/storage/contract/object-key.js';
import type { ObjectSource } from '../../../src/storage/contract/object-source.js';
import type { StorageError } from '../../../src/storage/contract/storage-error.js';
import { FsStorageProvider } from '../../../src/storage/providers/fs/fs-storage.provider.js';
import { describeWithMounts, Mounts } from '../../support/mounts.js';
import { listAll, listedKeys, putText, readAll } from '../expectations.js';

const RESERVED = '.stagedoor-unfinished';

let mounts: Mounts;
let folder: string;
let root: string;
let provider: FsStorageProvider;

beforeEach(async () => {
  mounts = new Mounts();
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'stagedoor-foreign-')));
  root = join(folder, 'root');
  mkdirSync(root);
  provider = new FsStorageProvider(root);
  await putText(provider, 'a.csv', 'a');
});

afterEach(() => {
  mounts.close();
  rmSync(folder, { recursive: true, force: true });
});

function directory(...path: string[]): string {
  const made = join(root, ...path);
  mkdirSync(made, { recursive: true });
  return made;
}

/** The error that an operation ends in. */
async function failure(operation: Promise<unknown>): Promise<{ kind: string; message: string }> {
  return operation.then(
    () => ({ kind: 'none', message: '' }),
    (error: unknown) => error as StorageError, // all that a provider rejects with
  );
}

async function kindOf(operation: Promise<unknown>): Promise<string> {
  return (await failure(operation)).kind;
}

const markers = async (prefix = ''): Promise<string[]> =>
  (await listAll(provider, { prefix, markers: true })).filter(isMarker).map(({ key }) => key);

describe("a file of others that has the folder's reserved name", () => {
  const KEY = `dir/${RESERVED}`;

  it('is listed, read and removed, and no put makes one', async () => {
    writeFileSync(join(directory('dir'), RESERVED), 'foreign');
    expect(await listedKeys(provider)).toEqual(['a.csv', KEY]);
    const { body } = await provider.get(listedKey(KEY));
    expect((await readAll(body)).toString()).toBe('foreign');
    expect(await kindOf(putText(provider, KEY, 'x'))).toBe('InvalidKey');
    expect(await provider.remove([listedKey(KEY)])).toEqual({ removed: 1, failures: [] });
    expect(existsSync(join(root, 'dir'))).toBe(false);
  });

  it('is none where it is the folder, which nobody reads or removes', async () => {
    directory('dir', RESERVED);
    for (const key of [RESERVED, KEY]) {
      expect(await kindOf(provider.stat(listedKey(key)))).toBe('NotFound');
      expect(await kindOf(provider.get(listedKey(key)))).toBe('NotFound');
      expect((await provider.remove([listedKey(key)])).failures).toEqual([]);
      const { failures } = await provider.remove([listedKey(`${key}/`)]);
      expect(failures.map(({ error }) => error.kind)).toEqual(['InvalidKey']);
      expect(existsSync(join(root, key))).toBe(true);
    }
    expect(await markers()).toEqual([]);
  });
});

describe('a directory of others that holds nothing', () => {
  it('is a marker: listed with those alone, in the order of keys, and by a prefix', async () => {
    for (const path of ['b', 'c/d/e', 'z']) directory(path);
    writeFileSync(join(root, 'c.csv'), 'c');
    expect(await listedKeys(provider)).toEqual(['a.csv', 'c.csv']);
    expect(await listedKeys(provider, { markers: true })).toEqual(['a.csv', 'b/', 'c.csv', 'c/d/e/', 'z/']);
    expect(await markers('c/')).toEqual(['c/d/e/']);
    expect(await markers('c/d/e/')).toEqual(['c/d/e/']);
    expect(await markers('c/d/e/f')).toEqual([]);
    expect(await listedKeys(provider, { markers: true, startAfter: 'c.csv', limit: 1 })).toEqual(['c/d/e/']);
  });

  it('goes when it is removed, with those above that hold nothing else', async () => {
    for (const path of ['c/d/e', 'z']) directory(path);
    mkdirSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff])]));
    const found = await markers();
    expect(found).toEqual(['c/d/e/', 'z/', '\uFDD0FF/']);
    expect(await provider.remove(found.map(listedKey))).toEqual({ removed: 3, failures: [] });
    expect(readdirSync(root).sort()).toEqual([RESERVED, 'a.csv']);
  });

  it('stays where something has come in meanwhile, and what is no directory too', async () => {
    await putText(provider, 'b/1.csv', 'x');
    symlinkSync(folder, join(root, 'link'));
    const report = await provider.remove(['b/', 'a.csv/', 'link/', 'none/'].map(listedKey));
    expect(report).toEqual({ removed: 4, failures: [] });
    expect(readdirSync(root).sort()).toEqual([RESERVED, 'a.csv', 'b', 'link']);
  });
});

describeWithMounts('what is no directory of a stage is no marker', () => {
  it('a place where another file system is mounted, or the same one once more', async () => {
    mkdirSync(join(folder, 'elsewhere'));
    mounts.tmpfs(directory('other'));
    mounts.bind(join(folder, 'elsewhere'), directory('same'));
    expect(await markers()).toEqual([]);
  });

  it("the file system's own lost+found", async () => {
    const image = join(folder, 'image');
    execFileSync('mkfs.ext4', ['-q', image, '8m']);
    mounts.image(image, root);
    expect(await markers()).toEqual([]);
    directory('lost+found', 'found');
    expect(await markers()).toEqual(['lost+found/found/']);
  });
});

describeWithMounts('a name at which something is mounted', () => {
  const IN_THE_WAY = { kind: 'AlreadyExists', message: expect.stringMatching(/mounted.*unmount/i) as string };

  beforeEach(() => {
    writeFileSync(join(folder, 'elsewhere.csv'), 'mounted');
    writeFileSync(join(root, 'file.csv'), 'behind it');
    mounts.bind(join(folder, 'elsewhere.csv'), join(root, 'file.csv'));
    mounts.tmpfs(directory('dir'));
  });

  const source = (key: string): ObjectSource => provider.source(listedKey(key));

  it.each<[string, () => Promise<unknown>]>([
    ['a put', () => putText(provider, 'file.csv', 'x')],
    ['a move to it', () => provider.move(source('a.csv'), objectKey('file.csv'))],
    ['a move from it', () => provider.move(source('file.csv'), objectKey('b.csv'))],
  ])('is told to %s as what no repetition mends', async (_name, replacing) => {
    expect(await failure(replacing())).toMatchObject(IN_THE_WAY);
    expect(await listedKeys(provider)).toEqual(['a.csv', 'file.csv']);
    expect((await readAll((await provider.get(listedKey('file.csv'))).body)).toString()).toBe('mounted');
  });

  it.each(['file.csv', 'dir/'])('is told to a removal of %s, which removes the others', async (key) => {
    const { removed, failures } = await provider.remove([key, 'a.csv'].map(listedKey));
    expect(removed).toBe(1);
    expect(failures).toEqual([{ key, error: expect.objectContaining(IN_THE_WAY) as StorageError }]);
  });
});
