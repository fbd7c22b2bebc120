import { execFile } from 'node:child_process';
import { once } from 'node:events';
import {
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  realpath,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { listedAs, listedKey } from '../../src/storage/contract/listed-key.js';
import { objectKey } from '../../src/storage/contract/object-key.js';
import type { StorageError } from '../../src/storage/contract/storage-error.js';
import { parseStorageUrl } from '../../src/storage/contract/storage-url.js';
import { FsStorageFactory } from '../../src/storage/providers/fs/fs-storage.factory.js';
import { errnoOf } from '../../src/storage/providers/fs/fs-storage.errors.js';
import { FsStorageProvider } from '../../src/storage/providers/fs/fs-storage.provider.js';
import { bodyOf, contentOf, gate, gatedBody, hangingBody, MIB } from './bodies.js';
import { assertHolds, listAll, listedKeys, promptly, putText, readAll } from './expectations.js';
import { HeldMemory } from './held-memory.js';
import {
  WITH_MOVE,
  WITHOUT_COPY,
  WITHOUT_DIGEST_ETAG,
  WITHOUT_MOVED_CONTENT_TYPE,
  WITHOUT_PRESIGNING,
  WITHOUT_SMALL_LIMIT,
} from './cases/left-out.js';
import { runConformance } from './run-conformance.js';
import { RecordedCleanup } from './recorded-cleanup.js';

const UNFINISHED = '.stagedoor-unfinished';

let folder: string;
let root: string;
let outside: string;
let provider: FsStorageProvider;

/** One that is not there has none; one that cannot be read fails the test. */
async function namesIn(directory: string): Promise<string[]> {
  return readdir(directory).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  });
}

async function temporaryFolder(): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), 'stagedoor-fs-')));
}

/** What no file can be named is refused, and so is what the file system would take for another path. */
async function plantFile(directory: string, key: Buffer, content: string): Promise<boolean> {
  const components = key.toString('latin1').split('/');
  if (components.some((component) => /^\.{0,2}$|\0/.test(component) || component.length > 255)) return false;
  const path = Buffer.concat([Buffer.from(`${directory}/`), key]);
  await mkdir(path.subarray(0, path.lastIndexOf('/')), { recursive: true });
  await writeFile(path, content);
  return true;
}

runConformance(
  'fs',
  async () => {
    const parent = await temporaryFolder();
    const directory = join(parent, 'root');
    await mkdir(directory);
    return {
      provider: new FsStorageProvider(directory),
      openAnother: () => new FsStorageProvider(directory),
      mostHeldBytes: 4 * MIB,
      orphans: () => namesIn(join(directory, UNFINISHED)),
      plant: (key, content) => plantFile(directory, key, content),
      dispose: () => rm(parent, { recursive: true, force: true }),
    };
  },
  [
    ...WITHOUT_PRESIGNING,
    ...WITHOUT_SMALL_LIMIT,
    ...WITHOUT_DIGEST_ETAG,
    ...WITHOUT_COPY,
    ...WITH_MOVE,
    ...WITHOUT_MOVED_CONTENT_TYPE,
  ],
);

beforeEach(async () => {
  folder = await temporaryFolder();
  root = join(folder, 'root');
  outside = join(folder, 'outside');
  await mkdir(root);
  await mkdir(outside);
  await writeFile(join(outside, 'secret.csv'), 'secret');
  provider = new FsStorageProvider(root);
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** The kind of error that an operation ends in; 'none' where it succeeds. */
async function kindOf(operation: Promise<unknown>): Promise<string> {
  const ended = operation.then(
    () => 'none',
    (error: unknown) => (error as StorageError).kind,
  );
  return promptly({ provider }, ended);
}

/** Drops its body at once, so that a read that should have failed holds no file open. */
async function read(key: string): Promise<void> {
  const { body } = await provider.get(listedKey(key));
  await readAll(body);
}

describe('a symbolic link out of the root', () => {
  beforeEach(async () => {
    await symlink(outside, join(root, 'directory'));
    await symlink(join(outside, 'secret.csv'), join(root, 'file.csv'));
    await symlink(join(outside, 'nowhere'), join(root, 'dangling.csv'));
    await writeFile(join(root, 'own.csv'), 'own');
  });

  afterEach(async () => {
    expect(await readdir(outside)).toEqual(['secret.csv']);
    expect(await readFile(join(outside, 'secret.csv'), 'utf8')).toBe('secret');
  });

  it.each([undefined, '', 'd', 'directory/', 'directory/s', 'file.csv'])(
    'is not listed with the prefix %j',
    async (prefix) => {
      const keys = await listedKeys(provider, { prefix });
      expect(keys).toEqual(prefix ? [] : ['own.csv']);
    },
  );

  it.each(['directory/secret.csv', 'directory', 'file.csv', 'dangling.csv'])(
    '%s is not read',
    async (key) => {
      expect(await kindOf(read(key))).toBe('NotFound');
      expect(await kindOf(provider.stat(listedKey(key)))).toBe('NotFound');
    },
  );

  it.each(['directory/secret.csv', 'directory/new.csv', 'directory/new/deep.csv'])(
    '%s is not written through',
    async (key) => {
      expect(await kindOf(putText(provider, key, 'overwritten'))).toBe('AlreadyExists');
      expect(await namesIn(join(root, UNFINISHED))).toEqual([]);
    },
  );

  it.each(['file.csv', 'dangling.csv'])('%s is replaced by a put, not written through', async (key) => {
    await putText(provider, key, 'mine');
    await assertHolds(provider, objectKey(key), 'mine');
    expect((await lstat(join(root, key))).isFile()).toBe(true);
  });

  it.each(['directory', 'file.csv', 'dangling.csv'])(
    '%s is no object: removing it leaves it',
    async (key) => {
      const target = await readlink(join(root, key));
      expect(await provider.remove([listedKey(key)])).toEqual({ removed: 1, failures: [] });
      expect(await readlink(join(root, key))).toBe(target);
    },
  );

  it('leads to nothing that could be removed', async () => {
    const report = await provider.remove([listedKey('directory/secret.csv')]);
    expect(report).toEqual({ removed: 1, failures: [] });
  });
});

describe('a symbolic link inside the root', () => {
  it('shows no file twice, with a prefix as without one', async () => {
    await putText(provider, 'real/a.csv', 'a');
    await symlink('real', join(root, 'alias'));
    expect(await listedKeys(provider)).toEqual(['real/a.csv']);
    expect(await listedKeys(provider, { prefix: 'alias/' })).toEqual([]);
  });

  it('that leads to itself disturbs nobody', async () => {
    await symlink('loop', join(root, 'loop'));
    expect(await listedKeys(provider, { prefix: 'loop/' })).toEqual([]);
    expect(await kindOf(read('loop'))).toBe('NotFound');
    expect(await kindOf(read('loop/a'))).toBe('NotFound');
  });
});

it('the root itself may be a symbolic link', async () => {
  await symlink(root, join(folder, 'link'));
  const linked = new FsStorageProvider(join(folder, 'link'));
  const key = await putText(linked, 'dir/a.csv', 'a');
  await assertHolds(linked, key, 'a');
  await assertHolds(provider, key, 'a');
});

describe('what is no file', () => {
  it('a FIFO is not listed, and neither reading nor replacing it blocks', async () => {
    await promisify(execFile)('mkfifo', [join(root, 'pipe')]);
    expect(await listedKeys(provider)).toEqual([]);
    expect(await kindOf(read('pipe'))).toBe('NotFound');
    expect(await kindOf(provider.stat(listedKey('pipe')))).toBe('NotFound');
    expect(await kindOf(putText(provider, 'pipe', 'a file now'))).toBe('none');
    await assertHolds(provider, objectKey('pipe'), 'a file now');
  });

  it('a socket is neither listed nor read', async () => {
    const server = createServer().listen(join(root, 'socket'));
    await once(server, 'listening');
    try {
      expect(await listedKeys(provider)).toEqual([]);
      expect(await kindOf(provider.stat(listedKey('socket')))).toBe('NotFound');
      expect(await kindOf(read('socket'))).toBe('NotFound');
    } finally {
      server.close();
    }
  });

  it('a directory is neither read, nor listed when it is empty, nor removed with what it holds', async () => {
    await mkdir(join(root, 'empty/deep'), { recursive: true });
    await putText(provider, 'full/a.csv', 'a');
    expect(await listedKeys(provider)).toEqual(['full/a.csv']);
    expect(await kindOf(read('full'))).toBe('NotFound');
    expect(await kindOf(provider.stat(listedKey('empty')))).toBe('NotFound');
    expect(await provider.remove([listedKey('full')])).toEqual({ removed: 1, failures: [] });
    expect(await listedKeys(provider)).toEqual(['full/a.csv']);
  });

  it('a name that is no UTF-8 is shown with its bytes escaped, read and removed, a file or a directory', async () => {
    const bad = (name: string): Buffer =>
      Buffer.concat([Buffer.from(`${root}/${name}`), Buffer.from([0xff, 0xc3])]);
    await writeFile(bad('file'), 'x');
    await mkdir(bad('directory'));
    await writeFile(Buffer.concat([bad('directory'), Buffer.from('/in.csv')]), 'x');
    await putText(provider, 'good.csv', 'x');
    const names = ['directory\uFDD0FF\uFDD0C3/in.csv', 'file\uFDD0FF\uFDD0C3'];
    expect(await listedKeys(provider)).toEqual([...names, 'good.csv']);
    for (const name of names) {
      const { body, stat } = await provider.get(listedKey(name));
      expect([stat.key, (await readAll(body)).toString()]).toEqual([name, 'x']);
    }
    expect(await provider.remove(names.map(listedKey))).toEqual({ removed: 2, failures: [] });
    expect((await namesIn(root)).filter((name) => name !== UNFINISHED)).toEqual(['good.csv']);
  });

  it.each([['../x'], ['.'], ['a/./b'], ['.stagedoor-unfinished/x']])(
    'the name %s is refused in so many words',
    async (name) => {
      const told = {
        kind: 'InvalidKey',
        message: expect.stringMatching(/On a disk no file's name has/) as string,
      };
      await expect(provider.get(listedKey(name))).rejects.toMatchObject(told);
      await expect(provider.stat(listedKey(name))).rejects.toMatchObject(told);
      const { removed, failures } = await provider.remove([listedKey(name)]);
      expect([removed, failures[0]?.error.kind]).toEqual([0, 'InvalidKey']);
    },
  );
});

describe('a prefix of a listing', () => {
  it.each([`${'x'.repeat(300)}/`, 'x/'.repeat(3000), 'no/such/directory/', 'a.csv/', '/', '../', 'a\0b/'])(
    'that no key can have lists nothing: %#',
    async (prefix) => {
      await putText(provider, 'a.csv', 'a');
      expect(await listedKeys(provider, { prefix })).toEqual([]);
    },
  );
});

describe('directories', () => {
  it('are pruned when a removal has emptied them, as far up as they are empty', async () => {
    await putText(provider, 'a/b/c/one.csv', 'x');
    await putText(provider, 'a/two.csv', 'x');
    await provider.remove([listedKey('a/b/c/one.csv')]);
    expect(await namesIn(join(root, 'a'))).toEqual(['two.csv']);
    await provider.remove([listedKey('a/two.csv')]);
    expect((await namesIn(root)).filter((name) => name !== UNFINISHED)).toEqual([]);
    // The root stays.
    expect((await lstat(root)).isDirectory()).toBe(true);
  });

  it('that are removed in one call are pruned, however deep', async () => {
    const keys = Array.from({ length: 200 }, (_, i) => `t/${String(i % 7)}/${String(i % 3)}/${String(i)}`);
    for (const key of keys) await putText(provider, key, 'x');
    expect((await provider.remove(keys.map(listedKey))).removed).toBe(keys.length);
    expect((await namesIn(root)).filter((name) => name !== UNFINISHED)).toEqual([]);
  });

  it('that are pruned while a put commits are made again', async () => {
    for (let round = 0; round < 40; round++) {
      const old = await putText(provider, 'busy/deep/old.csv', 'old');
      const puts = Array.from({ length: 4 }, (_, i) => putText(provider, `busy/deep/${String(i)}`, 'new'));
      await provider.remove([listedAs(old)]);
      const keys = await Promise.all(puts);
      expect(await listedKeys(provider)).toEqual(keys);
      await provider.remove(keys.map(listedAs));
    }
  });

  it('that are pruned after a put has committed do not make it fail', async () => {
    const key = objectKey('here/and/gone.csv');
    for (let round = 0; round < 200; round++) {
      const ended = new AbortController();
      const putting = kindOf(provider.put(key, bodyOf('x'))).finally(() => {
        ended.abort();
      });
      while (!ended.signal.aborted) {
        await provider.remove([listedAs(key)]);
        await setImmediate(); // where there is nothing to remove, nothing else lets the put go on
      }
      expect(await putting).toBe('none');
    }
  });
});

describe('names that are in the way of each other', () => {
  it.each([
    ['a', 'a/b'],
    ['a', 'a/b/c'],
    ['a/b', 'a'],
    ['a/b/c', 'a'],
    ['a/b/c', 'a/b'],
  ])('%s stays when %s is put', async (first, second) => {
    await putText(provider, first, 'first');
    const body = bodyOf(contentOf(MIB));
    expect(await kindOf(provider.put(objectKey(second), body))).toBe('AlreadyExists');
    expect(body.destroyed).toBe(true);
    await assertHolds(provider, objectKey(first), 'first');
    expect(await namesIn(join(root, UNFINISHED))).toEqual([]);
  });

  it.each([
    ['a', 'a/b'],
    ['a/b', 'a'],
  ])('%s stays when it appears while %s comes in', async (first, second) => {
    const { opened, open } = gate();
    const putting = kindOf(
      provider.put(objectKey(second), gatedBody(contentOf(MIB), opened, Buffer.from('end'))),
    );
    await untilUnfinished();
    await putText(provider, first, 'first');
    open();
    expect(await putting).toBe('AlreadyExists');
    expect(await listedKeys(provider)).toEqual([first]);
    await assertHolds(provider, objectKey(first), 'first');
    expect(await namesIn(join(root, UNFINISHED))).toEqual([]);
  });

  it('one of two at once wins', async () => {
    for (let round = 0; round < 20; round++) {
      const kinds = await Promise.all([
        kindOf(putText(provider, 'a', 'file')),
        kindOf(putText(provider, 'a/b', 'below')),
      ]);
      expect(kinds.sort()).toEqual(['AlreadyExists', 'none']);
      const [left, ...others] = await listedKeys(provider);
      expect(others).toEqual([]);
      await provider.remove([listedKey(left ?? '')]);
    }
  });
});

/** Waits until an upload lies in the reserved directory. */
async function untilUnfinished(): Promise<string> {
  for (;;) {
    const [name] = await namesIn(join(root, UNFINISHED));
    if (name !== undefined) return name;
    await setImmediate();
  }
}

describe('the reserved directory', () => {
  it.each([`${UNFINISHED}/a`, `${UNFINISHED}/a/b`, `dir/${UNFINISHED}/a`])(
    '%s cannot be put, read or removed',
    async (key) => {
      expect(await kindOf(putText(provider, key, 'x'))).toBe('InvalidKey');
      expect(await kindOf(read(key))).toBe('InvalidKey');
      expect(await kindOf(provider.stat(listedKey(key)))).toBe('InvalidKey');
      const { failures } = await provider.remove([listedKey(key)]);
      expect(failures.map(({ error }) => error.kind)).toEqual(['InvalidKey']);
    },
  );

  it.each([`${UNFINISHED}.csv`, `${UNFINISHED}-x/a`])('%s is a name like any other', async (key) => {
    await assertHolds(provider, await putText(provider, key, 'x'), 'x');
    expect(await listedKeys(provider)).toEqual([key]);
  });

  it.each([undefined, '.', UNFINISHED, `${UNFINISHED}/`])(
    'shows nothing of an upload that comes in, with the prefix %j',
    async (prefix) => {
      const leaving = new AbortController();
      const { body, starved } = hangingBody(contentOf(4 * MIB));
      const putting = kindOf(provider.put(objectKey('dir/new.csv'), body, { signal: leaving.signal }));
      await starved;
      await untilUnfinished();
      const seen = await listedKeys(provider, { prefix });
      const name = await kindOf(provider.stat(listedKey('dir/new.csv')));
      leaving.abort();
      expect(await putting).toBe('Aborted');
      expect({ seen, name }).toEqual({ seen: [], name: 'NotFound' });
      expect(await namesIn(join(root, UNFINISHED))).toEqual([]);
    },
  );
});

describe('the condition of a put', () => {
  const absent = { condition: { kind: 'absent' } } as const;
  const etag = (value: string | null) => ({ condition: { kind: 'etag', etag: value ?? '' } }) as const;
  const key = objectKey('dir/a.csv');

  it('leaves a new object one name', async () => {
    await provider.put(key, bodyOf('a'), absent);
    expect((await lstat(join(root, key))).nlink).toBe(1);
    expect(await namesIn(join(root, UNFINISHED))).toEqual([]);
  });

  it.each(['file.csv', 'pipe'])('leaves %s, which is no object', async (name) => {
    await symlink(join(outside, 'secret.csv'), join(root, 'file.csv'));
    await promisify(execFile)('mkfifo', [join(root, 'pipe')]);
    const before = await lstat(join(root, name));
    expect(await kindOf(provider.put(objectKey(name), bodyOf('a'), absent))).toBe('AlreadyExists');
    expect(await kindOf(provider.put(objectKey(name), bodyOf('a'), etag('"x"')))).toBe('PreconditionFailed');
    expect((await lstat(join(root, name))).ino).toBe(before.ino);
    expect(await readFile(join(outside, 'secret.csv'), 'utf8')).toBe('secret');
  });

  it('tells nothing of what lies behind a link', async () => {
    await symlink(outside, join(root, 'directory'));
    for (const options of [absent, etag('"x"')]) {
      for (const name of ['directory/secret.csv', 'directory/new.csv'])
        expect(await kindOf(provider.put(objectKey(name), bodyOf('a'), options))).toBe('AlreadyExists');
    }
    expect(await readdir(outside)).toEqual(['secret.csv']);
  });

  it('leaves no directory behind where its object was removed meanwhile', async () => {
    const previous = await provider.put(key, bodyOf('a'));
    const { opened, open } = gate();
    const body = gatedBody(contentOf(MIB), opened, Buffer.from('end'));
    const putting = kindOf(provider.put(key, body, etag(previous.etag)));
    await provider.remove([listedAs(key)]);
    open();
    expect(await putting).toBe('PreconditionFailed');
    expect(await readdir(root)).toEqual([UNFINISHED]);
  });

  it('is compared under one lock, also by providers whose roots lie in each other', async () => {
    const inner = new FsStorageProvider(join(root, 'dir'));
    const previous = await provider.put(key, bodyOf('a'));
    const kinds = await Promise.all(
      Array.from({ length: 20 }, (_, i) => {
        const body = bodyOf(String(i));
        const put = i % 2 === 0 ? provider.put(key, body, etag(previous.etag)) : undefined;
        return kindOf(put ?? inner.put(objectKey('a.csv'), body, etag(previous.etag)));
      }),
    );
    expect(kinds.sort()).toEqual([...Array<string>(19).fill('PreconditionFailed'), 'none']);
  });
});

describe('a put on its way', () => {
  const key = objectKey('dir/a.csv');

  it('releases what comes in drops before a batch is full', async () => {
    const memory = new HeldMemory();
    const { body, starved } = hangingBody(Buffer.from('drop'));
    const putting = kindOf(provider.put(key, body, { memory }));
    await starved;
    await setTimeout(300);
    expect(memory.released).toBe(4);
    const [name = ''] = await namesIn(join(root, UNFINISHED));
    expect(await readFile(join(root, UNFINISHED, name), 'utf8')).toBe('drop');
    body.push(null);
    expect(await putting).toBe('none');
    await assertHolds(provider, key, 'drop');
  });

  it('keeps its note where what it has made cannot be removed', async () => {
    const notes = new RecordedCleanup();
    const putting = provider.put(key, bodyOf('a'), {
      cleanupLog: notes,
      beforeCommit: async () => {
        const path = join(root, UNFINISHED, notes.last?.['unfinished'] ?? '');
        await rm(path);
        await mkdir(join(path, 'in the way'), { recursive: true });
        throw new Error('no');
      },
    });
    await expect(putting).rejects.toThrow('no');
    expect(notes.retained).toBe(1);
  });

  it.each(['../secret.csv', '../../outside/secret.csv', 'a/../../secret.csv', '/secret.csv', ''])(
    'notes no more than a name, so that %j removes nothing else',
    async (unfinished) => {
      await writeFile(join(root, 'secret.csv'), 'mine');
      await provider.removeOrphan({ key: 'a', unfinished }).catch(() => undefined);
      expect(await readFile(join(root, 'secret.csv'), 'utf8')).toBe('mine');
      expect(await readFile(join(outside, 'secret.csv'), 'utf8')).toBe('secret');
      expect((await lstat(root)).isDirectory()).toBe(true);
    },
  );
});

describe('stats', () => {
  it('of a listing are those of stat, to the millisecond, with a time from before 1970 too', async () => {
    await putText(provider, 'old.csv', 'x');
    await utimes(join(root, 'old.csv'), new Date(-1234), new Date(-1234));
    await putText(provider, 'new.csv', 'x');
    for (const stat of await listAll(provider)) expect(await provider.stat(stat.key)).toEqual(stat);
  });
});

describe('the factory of stores on disk', () => {
  const factory = new FsStorageFactory();
  const parse = (url: string, options: Record<string, string> = {}) =>
    factory.parseConnection(parseStorageUrl(url), new Map(Object.entries(options)));

  it.each([
    ['fs:///srv/stages/', '/srv/stages/'],
    ['FS:///srv/a b%20c/', '/srv/a b%20c/'],
    ['fs:///', '/'],
  ])('%s is the directory %s', (url, directory) => {
    const connection = parse(url);
    expect(connection).toMatchObject({ scheme: 'fs', rootPrefix: '', options: {} });
    expect(factory.describe(connection)).toEqual({
      endpoint: null,
      hasCredentials: false,
      params: { root: directory, type: 'Fs' },
    });
  });

  it.each([
    ['fs://srv/stages/', 'must start with fs:///'],
    ['fs:///srv/stages', "must end with '/'"],
    ['fs:///srv//stages/', 'must be plain'],
    ['fs:///srv/../etc/', 'must be plain'],
    ['fs:///srv/./', 'must be plain'],
    ['fs:///srv\t/', 'must be plain'],
  ])('refuses %j', (url, message) => {
    expect(() => parse(url)).toThrow(message);
  });

  it('refuses an option by its name', () => {
    expect(() => parse('fs:///srv/', { region: 'eu' })).toThrow('[region]');
  });
});
