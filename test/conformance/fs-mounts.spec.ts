import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { listedKey } from '../../src/storage/contract/listed-key.js';
import { objectKey } from '../../src/storage/contract/object-key.js';
import type { StorageError } from '../../src/storage/contract/storage-error.js';
import type { PrepareOptions } from '../../src/storage/contract/storage-provider-factory.js';
import type { StorageProvider } from '../../src/storage/contract/storage-provider.js';
import { parseStorageUrl } from '../../src/storage/contract/storage-url.js';
import { FsStorageFactory } from '../../src/storage/providers/fs/fs-storage.factory.js';
import { FsStorageProvider } from '../../src/storage/providers/fs/fs-storage.provider.js';
import { ANOTHER_USER, asAnotherUser, describeWithMounts, Mounts } from '../support/mounts.js';
import { bodyOf, contentOf, hangingBody, MIB } from './bodies.js';
import { assertHolds, listedKeys, putText, readAll } from './expectations.js';
import { RecordedCleanup } from './recorded-cleanup.js';

const TEMPORARY = '.stagedoor-unfinished';
const ABSENT = { condition: { kind: 'absent' } } as const;

let mounts: Mounts;
let folder: string;
let root: string;
let provider: StorageProvider;

beforeEach(() => {
  mounts = new Mounts();
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'stagedoor-mounts-')));
  root = directory('root');
  provider = new FsStorageProvider(root);
});

afterEach(() => {
  mounts.close();
  rmSync(folder, { recursive: true, force: true });
});

function directory(...path: string[]): string {
  const made = join(folder, ...path);
  mkdirSync(made, { recursive: true });
  return made;
}

/** The error that an operation ends in. */
async function failure(operation: Promise<unknown>): Promise<Pick<StorageError, 'kind' | 'message'>> {
  const ended = operation.then(() => ({ kind: 'none', message: '' }));
  return ended.catch((error: unknown) => error) as Promise<StorageError>; // all that a provider rejects with
}

async function kindOf(operation: Promise<unknown>): Promise<string> {
  return (await failure(operation)).kind;
}

/** Another file system, and the same one once more, which no `stat` tells from the folder around it. */
const MOUNTED: readonly [name: string, mount: (at: string) => void][] = [
  [
    'another file system',
    (at) => {
      mounts.tmpfs(at);
    },
  ],
  [
    'the same file system, mounted twice',
    (at) => {
      mounts.bind(directory('elsewhere'), at);
    },
  ],
];

describeWithMounts.each(MOUNTED)('%s, mounted below the root', (_name, mount) => {
  let mounted: string;

  beforeEach(() => {
    mounted = directory('root', 'mnt');
    mount(mounted);
  });

  it.each(['mnt/a.csv', 'mnt/new/dir/a.csv'])('takes %s, and leaves nothing else there', async (key) => {
    await putText(provider, key, 'one');
    await assertHolds(provider, await putText(provider, key, 'two'), 'two');
    expect(await listedKeys(provider)).toEqual([key]);
    expect(readdirSync(mounted)).toEqual([key.split('/')[1]]);
    await provider.remove([listedKey(key)]);
    expect(readdirSync(mounted)).toEqual([]);
  });

  it('holds what is on its way where nobody sees it, and nothing after a failure', async () => {
    await putText(provider, 'mnt/dir/old.csv', 'old');
    const leaving = new AbortController();
    const { body, starved } = hangingBody(contentOf(MIB));
    const putting = kindOf(provider.put(objectKey('mnt/dir/new.csv'), body, { signal: leaving.signal }));
    await starved;
    expect(readdirSync(join(mounted, 'dir', TEMPORARY))).toHaveLength(1);
    expect(await listedKeys(provider)).toEqual(['mnt/dir/old.csv']);
    expect(await listedKeys(new FsStorageProvider(join(mounted, 'dir')))).toEqual(['old.csv']);
    leaving.abort();
    expect(await putting).toBe('Aborted');
    expect(readdirSync(join(mounted, 'dir'))).toEqual(['old.csv']);
  });

  it.each([{}, ABSENT])('leaves no directory after a move that no rename can do (%j)', async (options) => {
    await putText(provider, 'a.csv', 'a');
    const source = provider.source(listedKey('a.csv'));
    const moving = kindOf(provider.move(source, objectKey('mnt/new/dir/a.csv'), options));
    expect(await moving).toBe('Unsupported');
    expect(readdirSync(mounted)).toEqual([]);
    expect(await listedKeys(provider)).toEqual(['a.csv']);
  });

  it('gives a name to exactly one of several that ask for a free one', async () => {
    const puts = Array.from({ length: 20 }, (_, index) =>
      kindOf(provider.put(objectKey('mnt/a.csv'), bodyOf(String(index)), ABSENT)),
    );
    expect((await Promise.all(puts)).sort()).toEqual([
      ...Array<string>(19).fill('PreconditionFailed'),
      'none',
    ]);
    expect(readdirSync(mounted)).toEqual(['a.csv']);
  });

  it('takes many at once in directories that are made and pruned', async () => {
    for (let round = 0; round < 10; round++) {
      const keys = Array.from({ length: 8 }, (_, i) => `mnt/${String(i % 3)}/deep/${String(i)}.csv`);
      await Promise.all(keys.map((key) => putText(provider, key, key)));
      expect((await listedKeys(provider)).length).toBe(8);
      expect((await provider.remove(keys.map(listedKey))).failures).toEqual([]);
      expect(readdirSync(mounted)).toEqual([]);
    }
  });

  it('refuses a name that is kept for what is on its way', async () => {
    expect(await kindOf(putText(provider, `mnt/${TEMPORARY}/a.csv`, 'a'))).toBe('InvalidKey');
  });

  it('leaves the mark of another stage that lies there', async () => {
    mkdirSync(join(mounted, TEMPORARY));
    await putText(provider, 'mnt/a.csv', 'a');
    expect(readdirSync(mounted).sort()).toEqual([TEMPORARY, 'a.csv']);
    expect(readdirSync(join(mounted, TEMPORARY))).toEqual([]);
  });

  it('is swept of what a dead process has left, by any other', async () => {
    const notes = new RecordedCleanup();
    const leaving = new AbortController();
    const { body, starved } = hangingBody(contentOf(MIB));
    const options = { cleanupLog: notes, signal: leaving.signal };
    const putting = kindOf(provider.put(objectKey('mnt/a.csv'), body, options));
    await starved;
    const note = notes.last ?? { key: '' };
    expect(readdirSync(join(mounted, TEMPORARY))).toEqual([note['unfinished']]);
    const another = new FsStorageProvider(root);
    await another.removeOrphan(note);
    expect(readdirSync(mounted)).toEqual([]);
    await another.removeOrphan(note);
    leaving.abort();
    await putting;
    // Of a disk that is not mounted now it cannot be said that nothing is there.
    mounts.unmount(mounted);
    expect(await failure(another.removeOrphan(note))).toMatchObject({
      kind: 'Unavailable',
      message: expect.stringMatching(/mnt'.*mounted\?/) as string,
    });
  });
});

describeWithMounts('a file system with room for five entries', () => {
  it('keeps none of the directories of an upload for which it has too little', async () => {
    const mounted = directory('root', 'mnt');
    mounts.tmpfs(mounted, 'size=1m,nr_inodes=6');
    expect(await kindOf(putText(provider, 'mnt/a/b/c/d/a.csv', 'a'))).toBe('NoSpace');
    expect(readdirSync(mounted)).toEqual([]);
    await assertHolds(provider, await putText(provider, 'mnt/a', 'a'), 'a');
  });
});

describeWithMounts('a read-only file system', () => {
  const READ_ONLY = { kind: 'PermissionDenied', message: 'The file system is read-only.' };

  beforeEach(() => {
    mounts.tmpfs(root);
  });

  it.each(['a.csv', 'new/dir/a.csv'])('is told to who puts %s, into an empty root too', async (key) => {
    mounts.remount(root, 'ro');
    expect(await failure(putText(provider, key, 'a'))).toMatchObject(READ_ONLY);
  });

  it('is told where only a directory below is one', async () => {
    const below = directory('root', 'mnt');
    mounts.tmpfs(below);
    mounts.remount(below, 'ro');
    for (const key of ['mnt/a.csv', 'mnt/new/a.csv'])
      expect(await failure(putText(provider, key, 'a'))).toMatchObject(READ_ONLY);
  });

  it('is read, and says why nothing is removed; a stage can be made on it', async () => {
    await putText(provider, 'dir/a.csv', 'a');
    rmdirSync(join(root, TEMPORARY));
    mounts.remount(root, 'ro');
    const reading = await openPrepared(root);
    expect(await listedKeys(reading)).toEqual(['dir/a.csv']);
    const { failures } = await reading.remove([listedKey('dir/a.csv')]);
    expect(failures[0]?.error).toMatchObject(READ_ONLY);
    expect(await failure(openPrepared(join(root, 'new')))).toMatchObject({
      kind: 'PermissionDenied',
      message: `The directory '${join(root, 'new')}' cannot be made: The file system is read-only.`,
    });
  });
});

/** As a stage is made. */
async function openPrepared(path: string, options: Partial<PrepareOptions> = {}): Promise<StorageProvider> {
  const factory = new FsStorageFactory();
  const connection = factory.parseConnection(parseStorageUrl(`fs://${path}/`), new Map());
  return factory.open(await factory.prepare(connection, { isPrivate: false, hasFiles: false, ...options }));
}

/** Every operation, but for `removeOrphan`, on a store that holds `a.csv`. */
const OPERATIONS: readonly [name: string, run: (of: StorageProvider) => Promise<unknown>][] = [
  ['put', (of) => of.put(objectKey('new/b.csv'), bodyOf('b'))],
  ['get', async (of) => readAll((await of.get(listedKey('a.csv'))).body)],
  ['stat', (of) => of.stat(listedKey('a.csv'))],
  ['list', (of) => listedKeys(of)],
  ['remove', (of) => of.remove([listedKey('a.csv')])],
];

describe('a root that is not there', () => {
  it.each(OPERATIONS)('is told by %s, and made by nobody', async (_name, run) => {
    rmdirSync(root);
    const told = await failure(run(provider));
    expect(told.kind).toBe('Unavailable');
    expect(told.message).toBe(
      `The directory '${root}' is not there: is its disk mounted? If it is to begin empty, make it.`,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is told where a file has taken its place since the last upload', async () => {
    await putText(provider, 'a.csv', 'a');
    rmSync(root, { recursive: true });
    writeFileSync(root, '');
    for (const key of ['a.csv', 'new/a.csv'])
      expect(await kindOf(putText(provider, key, 'a'))).toBe('Unavailable');
  });

  it.each(['a.csv', 'new/a.csv'])('is not made anew by a put of %s during which it went', async (key) => {
    const prepared = await openPrepared(root);
    const { body, starved } = hangingBody(contentOf(MIB));
    const putting = failure(prepared.put(objectKey(key), body));
    await starved;
    rmSync(root, { recursive: true });
    body.push(null);
    expect(await putting).toMatchObject({
      kind: 'Unavailable',
      message: expect.stringMatching(/is not there: is its disk mounted/) as string,
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that an older build has made is taken as it is, and marked by the first upload', async () => {
    expect(await listedKeys(provider)).toEqual([]);
    await putText(provider, 'a.csv', 'a');
    expect(readdirSync(root).sort()).toEqual([TEMPORARY, 'a.csv']);
  });

  it('is not made at the start where files of it are known', async () => {
    rmdirSync(root);
    const opened = await openPrepared(root, { isPrivate: true, hasFiles: true });
    expect(readdirSync(folder)).toEqual([]);
    expect(await kindOf(listedKeys(opened))).toBe('Unavailable');
  });

  it('is taken at the start where a backup has left out its mark', async () => {
    await putText(provider, 'a.csv', 'a');
    rmdirSync(join(root, TEMPORARY));
    const opened = await openPrepared(root, { isPrivate: true, hasFiles: true });
    expect(await listedKeys(opened)).toEqual(['a.csv']);
    expect(readdirSync(root).sort()).toEqual([TEMPORARY, 'a.csv']);
  });
});

describeWithMounts('a disk that is not mounted', () => {
  it.each(OPERATIONS)('is told by %s, and nothing lands on the disk behind it', async (_name, run) => {
    const disk = directory('disk');
    mounts.bind(disk, root);
    const prepared = await openPrepared(root);
    await putText(prepared, 'a.csv', 'a');
    mounts.unmount(root);
    for (const opened of [prepared, new FsStorageProvider(root, { isMarked: true })]) {
      const told = await failure(run(opened));
      expect(told.kind).toBe('Unavailable');
      expect(told.message).toMatch(
        /'.*\/root' is not the one .* mounted\? .*make the directory '\.stagedoor-unf/,
      );
    }
    expect(readdirSync(root)).toEqual([]);
    mounts.bind(disk, root);
    expect(await listedKeys(prepared)).toEqual(['a.csv']);
    expect(await readFile(join(root, 'a.csv'), 'utf8')).toBe('a');
  });
});

describeWithMounts('a disk that goes while a put to it goes on', () => {
  it.each([
    ['the root', '', 'new/a.csv'],
    ['a directory below', 'mnt', 'mnt/new/a.csv'],
  ])('mounted at %s leaves nothing behind it, and is swept when it is back', async (_where, at, key) => {
    const place = directory('root', at);
    const disk = directory('disk');
    mounts.tmpfs(disk);
    mounts.bind(disk, place);
    const prepared = await openPrepared(root);
    const notes = new RecordedCleanup();
    const { body, starved } = hangingBody(contentOf(MIB));
    const putting = kindOf(prepared.put(objectKey(key), body, { cleanupLog: notes }));
    await starved;
    mounts.detach(place);
    body.push(null);
    expect(await putting).toBe('Unavailable');
    expect(readdirSync(place)).toEqual([]);
    expect(notes.retained).toBe(1);
    expect(readdirSync(join(disk, TEMPORARY))).toHaveLength(1);
    mounts.bind(disk, place);
    await prepared.removeOrphan(notes.last ?? { key });
    expect(readdirSync(disk)).toEqual(at === '' ? [TEMPORARY] : []);
    if (at === '') expect(readdirSync(join(disk, TEMPORARY))).toEqual([]);
  });
});

describe('a directory that may not be read', () => {
  const closed = (...path: string[]): void => {
    const made = directory('root', ...path);
    chmodSync(made, 0);
  };

  beforeEach(async () => {
    for (const key of ['a.csv', 'b/1.csv', 'z.csv']) await putText(provider, key, 'x');
    for (const path of ['', 'root', 'root/b', 'root/.stagedoor-unfinished'])
      chownSync(join(folder, path), ANOTHER_USER, ANOTHER_USER);
  });

  /** What is listed, and what is named at the end. */
  async function listing(prefix?: string): Promise<{ keys: string[]; directories: readonly string[] }> {
    const keys: string[] = [];
    return asAnotherUser(async () => {
      try {
        for await (const batch of provider.list({ prefix })) keys.push(...batch.map(({ key }) => key));
        return { keys, directories: [] };
      } catch (error) {
        expect(error).toMatchObject({ name: 'UnlistedDirectories', kind: 'PermissionDenied' });
        return { keys, directories: (error as { directories: readonly string[] }).directories };
      }
    });
  }

  it('is named when the rest has been listed, and disturbs no other prefix', async () => {
    closed('b', 'closed');
    closed('lost+found');
    const keys = ['a.csv', 'b/1.csv', 'z.csv'];
    expect(await listing()).toEqual({ keys, directories: ['b/closed/', 'lost+found/'] });
    expect(await listing('b/1')).toEqual({ keys: ['b/1.csv'], directories: [] });
    expect(await listing('b/closed/')).toEqual({ keys: [], directories: ['b/closed/'] });
  });

  it('nor one whose names can be read and whose files cannot be looked at', async () => {
    directory('root', 'half');
    await putText(provider, 'half/a.csv', 'x');
    await putText(provider, 'half/b.csv', 'x');
    chmodSync(join(root, 'half'), 0o444);
    expect(await listing()).toEqual({ keys: ['a.csv', 'b/1.csv', 'z.csv'], directories: ['half/'] });
  });

  it('is told to who puts a file there', async () => {
    closed('closed');
    const told = await asAnotherUser(() => failure(putText(provider, 'closed/a.csv', 'x')));
    expect(told).toMatchObject({
      kind: 'PermissionDenied',
      message: expect.stringMatching(/denies access/) as string,
    });
  });

  it('is told of the root by its path', async () => {
    chmodSync(root, 0);
    chownSync(root, 0, 0);
    const told = await asAnotherUser(() => failure(listedKeys(provider)));
    expect(told).toMatchObject({
      kind: 'PermissionDenied',
      message: expect.stringContaining(`'${root}'`) as string,
    });
  });
});

describeWithMounts("the file system's own lost+found", () => {
  it('is no part of a stage whose root is the top of a disk', async () => {
    const image = join(folder, 'image');
    execFileSync('mkfs.ext4', ['-q', image, '8m']);
    mounts.image(image, root);
    for (const path of [folder, root]) chownSync(path, ANOTHER_USER, ANOTHER_USER);
    const key = 'a.csv';
    await asAnotherUser(() => putText(provider, key, 'x'));
    expect(readdirSync(root).sort()).toEqual([TEMPORARY, key, 'lost+found']);
    expect(await asAnotherUser(() => listedKeys(provider))).toEqual([key]);
  });
});
