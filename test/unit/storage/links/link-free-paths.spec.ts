import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { jest } from '@jest/globals';
import { listedKey } from '../../../../src/storage/contract/listed-key.js';
import { objectKey } from '../../../../src/storage/contract/object-key.js';
import { parseStorageUrl } from '../../../../src/storage/contract/storage-url.js';
import { FoldedNames } from '../../../../src/storage/providers/fs/folded-names.js';
import { FsStorageFactory } from '../../../../src/storage/providers/fs/fs-storage.factory.js';
import { HeldDirectory } from '../../../../src/storage/providers/fs/links/held-directory.js';
import { LinkFreePaths } from '../../../../src/storage/providers/fs/links/link-free-paths.js';
import { FileWalk } from '../../../../src/storage/providers/fs/read/file-walk.js';

const onLinux = process.platform === 'linux' ? describe : describe.skip;

let folder: string;
let root: string;
let outside: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'stagedoor-links-')));
  [root, outside] = [join(folder, 'exports/stage'), join(folder, 'outside')];
  mkdirSync(join(root, 'dir'), { recursive: true });
  mkdirSync(outside);
  writeFileSync(join(outside, 'secret.csv'), 'secret');
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** What somebody does who may write in the root. */
function swap(directory: string): void {
  renameSync(directory, `${directory}-moved`);
  symlinkSync(outside, directory);
}

function paths(options: { readonly isPrivate?: boolean } = {}): LinkFreePaths {
  return new LinkFreePaths(root, new FoldedNames(root), options);
}

onLinux('a directory that is held', () => {
  it('is acted in, whatever is put in its place', () => {
    const held = paths().hold(join(root, 'dir'));
    swap(join(root, 'dir'));
    writeFileSync(held?.pathOf('new.csv') ?? '', 'new');
    held?.close();
    expect(readdirSync(outside)).toEqual(['secret.csv']);
    expect(readFileSync(join(root, 'dir-moved/new.csv'), 'utf8')).toBe('new');
  });

  it('is none to which a link leads, also where the link is in the place of the root', () => {
    const known = paths();
    known.hold(root)?.close();
    swap(join(root, 'dir'));
    expect(known.hold(join(root, 'dir'))).toBeUndefined();
    expect(known.hold(Buffer.from(join(root, 'dir')))).toBeUndefined();
    swap(root);
    expect(known.hold(root)).toBeUndefined();
  });

  it('is told as missing when it was removed while it was looked at', () => {
    mkdirSync(join(root, 'gone'));
    const removed = jest.spyOn(HeldDirectory.prototype, 'realPath').mockImplementationOnce(function (
      this: HeldDirectory,
    ) {
      rmSync(join(root, 'gone'), { recursive: true });
      return this.realPath();
    });
    expect(() => paths().hold(join(root, 'gone'))).toThrow('The directory was removed.');
    expect(removed).toHaveBeenCalledTimes(2);
    expect(() => paths().hold(join(root, 'gone'))).toThrow('ENOENT');
  });

  it('may have any name', () => {
    for (const name of ['was (deleted)', 'b\uFFFDd', 'ü']) {
      mkdirSync(join(root, name));
      const held = paths().hold(join(root, name));
      expect(held).toBeDefined();
      held?.close();
    }
  });

  it('closes what it does not give out', () => {
    const before = readdirSync('/proc/self/fd').length;
    const known = paths();
    swap(join(root, 'dir'));
    for (let i = 0; i < 20; i++) known.hold(join(root, 'dir'));
    expect(readdirSync('/proc/self/fd').length).toBe(before);
  });
});

it('a private root is looked at now and then, and nothing of it is held', () => {
  const known = paths({ isPrivate: true });
  expect(known.holds).toBe(false);
  const held = known.hold(join(root, 'dir'));
  expect(held?.pathOf('a')).toBe(join(root, 'dir/a'));
  swap(join(root, 'dir'));
  expect(paths({ isPrivate: true }).hold(join(root, 'dir'))).toBeUndefined();
  // Who could have swapped it is the service itself.
  expect(known.hold(join(root, 'dir'))).toBeDefined();
});

onLinux('a walk', () => {
  it('goes on in no directory for which a link was put, and holds none between its batches', async () => {
    for (const name of ['a.csv', 'b.csv', 'c.csv']) {
      writeFileSync(join(root, 'dir', name), '');
      writeFileSync(join(outside, name), 'outside');
    }
    const before = readdirSync('/proc/self/fd').length;
    const walk = new FileWalk({
      root,
      realRoot: root,
      prefix: '',
      startAfter: '',
      markers: false,
      isLevel: false,
    });
    expect((await walk.next(1)).keys).toEqual(['dir/a.csv']);
    expect(readdirSync('/proc/self/fd').length).toBe(before);
    swap(join(root, 'dir'));
    expect((await walk.next(10)).keys).toEqual([]);
  });
});

describe('a stage below FS_STAGE_ROOTS', () => {
  const factory = (): FsStorageFactory => new FsStorageFactory({ roots: [join(folder, 'exports')] });
  const connectionTo = (path: string) =>
    factory().parseConnection(parseStorageUrl(`fs://${path}/`), new Map());
  const refusal = {
    kind: 'InvalidConfig',
    message: expect.stringContaining('out of the directories of FS_STAGE_ROOTS') as string,
  };
  const PREPARED = { isPrivate: false, hasFiles: false };

  it('is not used where its directory is a link that leads out of them', async () => {
    const connection = await factory().prepare(connectionTo(root), PREPARED);
    swap(root);
    const provider = factory().open(connection);
    mkdirSync(join(outside, '.stagedoor-unfinished'));
    await expect(provider.get(listedKey('secret.csv'))).rejects.toMatchObject(refusal);
    await expect(provider.put(objectKey('a'), Readable.from(['x']))).rejects.toMatchObject(refusal);
    await expect(provider.list()[Symbol.asyncIterator]().next()).rejects.toMatchObject(refusal);
    const { failures } = await provider.remove([listedKey('secret.csv')]);
    expect(failures[0]?.error).toMatchObject(refusal);
    expect(readdirSync(outside).sort()).toEqual(['.stagedoor-unfinished', 'secret.csv']);
  });

  it('is used where a link leads to another directory in them', async () => {
    mkdirSync(join(folder, 'exports/real'));
    symlinkSync('real', join(folder, 'exports/link'));
    const connection = await factory().prepare(connectionTo(join(folder, 'exports/link')), PREPARED);
    await factory()
      .open(connection)
      .put(objectKey('a.csv'), Readable.from(['x']));
    expect(existsSync(join(folder, 'exports/real/a.csv'))).toBe(true);
  });

  it('is not made where a link leads out of them', async () => {
    symlinkSync(outside, join(folder, 'exports/link'));
    for (const path of ['exports/link', 'exports/link/new/deep']) {
      await expect(factory().prepare(connectionTo(join(folder, path)), PREPARED)).rejects.toMatchObject(
        refusal,
      );
    }
    expect(readdirSync(outside)).toEqual(['secret.csv']);
  });

  it('may be made with those directories', async () => {
    rmSync(join(folder, 'exports'), { recursive: true });
    await factory().prepare(connectionTo(join(root, 'new')), PREPARED);
    expect(lstatSync(join(root, 'new/.stagedoor-unfinished')).isDirectory()).toBe(true);
  });

  it('is used as before where an earlier setting has allowed it', async () => {
    const connection = await new FsStorageFactory().prepare(connectionTo(outside), PREPARED);
    const { stat } = await factory().open(connection).get(listedKey('secret.csv'));
    expect(stat.size).toBe(6);
  });
});
