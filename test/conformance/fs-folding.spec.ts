import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listedKey } from '../../src/storage/contract/listed-key.js';
import { objectKey } from '../../src/storage/contract/object-key.js';
import type { StorageProvider } from '../../src/storage/contract/storage-provider.js';
import { PrefixedStorage } from '../../src/storage/decorators/prefixed-storage.js';
import { bodyOf } from './bodies.js';
import { assertHolds, listedKeys, putText } from './expectations.js';
import { foldFileSystem } from './folding-file-system.js';

let root: string;
let provider: StorageProvider;

beforeAll(() => foldFileSystem());

beforeEach(async () => {
  const { FsStorageProvider } = await import('../../src/storage/providers/fs/fs-storage.provider.js');
  root = realpathSync(mkdtempSync(join(tmpdir(), 'stagedoor-folding-')));
  provider = new FsStorageProvider(root);
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

const refused = {
  kind: 'AlreadyExists',
  message: expect.stringMatching(/takes .* something else/) as string,
};

describe('on a file system that folds names', () => {
  it('two stages never share a folder: neither sees, takes or removes the files of the other', async () => {
    const [lower, upper] = ['foo', 'Foo'].map(
      (name) => new PrefixedStorage(provider, `stage/internal/${name}/`),
    );
    if (lower === undefined || upper === undefined) throw new TypeError('two stages');
    await putText(lower, 'a.csv', 'of foo');
    await expect(upper.put(objectKey('a.csv'), bodyOf('of Foo'))).rejects.toMatchObject(refused);
    await expect(upper.put(objectKey('b.csv'), bodyOf('of Foo'))).rejects.toMatchObject(refused);
    expect(await listedKeys(upper)).toEqual([]);
    await expect(upper.get(listedKey('a.csv'))).rejects.toMatchObject({ kind: 'NotFound' });
    expect(await upper.remove([listedKey('a.csv')])).toEqual({ removed: 1, failures: [] });
    await assertHolds(lower, objectKey('a.csv'), 'of foo');
    expect(await listedKeys(lower)).toEqual(['a.csv']);
  });

  it.each(['.STAGEDOOR-UNFINISHED/x.csv', '.Stagedoor-Unfinished/x.csv'])(
    "%s is the service's own",
    async (name) => {
      await expect(provider.put(objectKey(name), bodyOf('x'))).rejects.toMatchObject(refused);
      await putText(provider, 'a.csv', 'a');
      await expect(provider.put(objectKey(name), bodyOf('x'))).rejects.toMatchObject(refused);
      expect(readdirSync(join(root, '.stagedoor-unfinished'))).toEqual([]);
      expect(await listedKeys(provider)).toEqual(['a.csv']);
    },
  );

  it('a name in other letters is another file, which is not there and cannot be', async () => {
    await putText(provider, 'dir/caf\u00e9.csv', 'there');
    for (const name of ['dir/cafe\u0301.csv', 'dir/CAF\u00c9.csv', 'DIR/caf\u00e9.csv']) {
      await expect(provider.stat(listedKey(name))).rejects.toMatchObject({ kind: 'NotFound' });
      await expect(provider.get(listedKey(name))).rejects.toMatchObject({ kind: 'NotFound' });
      expect(await provider.remove([listedKey(name)])).toEqual({ removed: 1, failures: [] });
      await expect(provider.put(objectKey(name), bodyOf('x'))).rejects.toMatchObject(refused);
      await expect(
        provider.put(objectKey(name), bodyOf('x'), { condition: { kind: 'absent' } }),
      ).rejects.toMatchObject(refused);
    }
    expect(await listedKeys(provider, { prefix: 'DIR/' })).toEqual([]);
    await assertHolds(provider, objectKey('dir/caf\u00e9.csv'), 'there');
    await putText(provider, 'dir/caf\u00e9.csv', 'replaced');
    await assertHolds(provider, objectKey('dir/caf\u00e9.csv'), 'replaced');
  });
});
