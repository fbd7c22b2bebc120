import {
  FileMetadataRepository,
  type FileMetadata,
} from '../../../src/file-metadata/file-metadata.repository.js';
import type { SqlDatabase } from '../../../src/database/sql-database.js';
import { sql } from '../../../src/database/sql.js';
import { TemporaryDatabase } from '../database/temporary-database.js';
import { ofKind } from '../of-kind.js';

const STORE = 'fs:///stages';
const PLACE = { store: STORE, prefix: '' };

let temporary: TemporaryDatabase;
let database: SqlDatabase;
let fileMetadata: FileMetadataRepository;

beforeEach(async () => {
  temporary = new TemporaryDatabase();
  ({ database } = await temporary.connect());
  fileMetadata = new FileMetadataRepository(database);
});

afterEach(async () => {
  await temporary.remove();
});

function entry(objectKey: string, more: Partial<FileMetadata> = {}): FileMetadata {
  const rest = { size: 5, etag: `"${objectKey}"`, md5: 'aa', creator: "'root'@'%'", uploadId: 'u1' };
  return { store: STORE, objectKey, contentType: 'text/csv', ...rest, ...more };
}

async function enter(...entries: FileMetadata[]): Promise<void> {
  await database.write(entries.flatMap((one) => fileMetadata.recordStatements(one)));
}

/** Which of these files it knows. */
async function known(keys: readonly string[], store = STORE): Promise<string[]> {
  const facts = await fileMetadata.lookup(store, keys);
  return keys.filter((key) => facts.find(key, `"${key}"`) !== undefined);
}

describe('the metadata of files', () => {
  it('knows of a file what was entered', async () => {
    await enter(entry('a', { md5: null, size: 7 }));
    expect((await fileMetadata.lookup(STORE, ['a'])).find('a', '"a"')).toEqual({
      size: 7,
      etag: '"a"',
      md5: null,
      creator: "'root'@'%'",
      contentType: 'text/csv',
    });
  });

  it('knows of the same object the latest entry alone', async () => {
    await enter(entry('a', { md5: 'old' }));
    await enter(entry('a', { md5: 'new', creator: 'somebody' }));
    const facts = (await fileMetadata.lookup(STORE, ['a'])).find('a', '"a"');
    expect(facts).toMatchObject({ md5: 'new', creator: 'somebody' });
    expect(await database.read(sql('SELECT count(*) AS files FROM stored_files'))).toEqual([{ files: 1 }]);
  });

  it('knows of two objects that came at once in one place, which one it is', async () => {
    await enter(entry('a', { md5: 'one', etag: '"1"' }));
    await enter(entry('a', { md5: 'two', etag: '"2"' }));
    const facts = await fileMetadata.lookup(STORE, ['a']);
    expect(['"1"', '"2"', '"3"', null].map((etag) => facts.find('a', etag)?.md5)).toEqual([
      'one',
      'two',
      undefined,
      undefined,
    ]);
  });

  it('drops what was stored long before in the place of another', async () => {
    await enter(entry('a', { etag: '"1"' }), entry('b', { etag: '"1"' }));
    const longAgo = new Date(Date.now() - 61_000).toISOString();
    await database.write([sql('UPDATE stored_files SET stored_at = ?').with(longAgo)]);
    await enter(entry('a', { etag: '"2"' }));
    const facts = await fileMetadata.lookup(STORE, ['a', 'b']);
    expect([facts.find('a', '"1"'), facts.find('a', '"2"')?.size, facts.find('b', '"1"')?.size]).toEqual([
      undefined,
      5,
      5,
    ]);
  });

  it.each<[string, string[], string[]]>([
    ['nothing of no files', [], []],
    ['those that are asked for', ['a', 'c'], ['a', 'c']],
    ['nothing of files that it does not know', ['aa', 'b0'], []],
    ['of a mixture what it knows', ['a', 'aa', 'd', 'e'], ['a', 'd']],
    ['nothing of another name by a pattern', ['%'], []],
  ])('gives %s', async (_name, asked, found) => {
    await enter(...['a', 'b', 'c', 'd'].map((key) => entry(key)));
    expect(await known(asked)).toEqual(found);
  });

  it('finds a file whose place a whole page of others has had', async () => {
    const at = new Date().toISOString();
    const fill = sql(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
INSERT INTO stored_files (store, object_key, size, etag, creator, stored_at, upload_id)
SELECT ?, 'm', i, '"' || i || '"', 'root', ?, 'u' FROM n`);
    await database.write([fill.with(STORE, at)]);
    await enter(entry('a'), entry('z'));
    expect(await known(['a', 'z'])).toEqual(['a', 'z']);
    const facts = await fileMetadata.lookup(STORE, ['a', 'm', 'z']);
    for (const i of [1, 999, 1000, 2500]) expect(facts.find('m', `"${String(i)}"`)?.size).toBe(i);
  });

  it('of one store says nothing of another', async () => {
    await enter(entry('a', { store: 'fs:///others' }));
    expect(await known(['a'])).toEqual([]);
  });

  it('finds names in the order of their bytes, beyond U+FFFF too', async () => {
    const keys = ['A', 'a', 'z', 'é', '\u{FF5E}', '\u{1F3AD}'];
    await enter(...keys.map((key) => entry(key)));
    expect(await known(keys)).toEqual(keys);
  });

  it('finds files among thousands of entries whose files have vanished', async () => {
    const keys = Array.from({ length: 3_500 }, (_, i) => `file-${String(i).padStart(5, '0')}`);
    await enter(...keys.map((key) => entry(key)));
    const asked = keys.filter((_, i) => i % 999 === 0 || i === 3_499);
    expect(await known(asked)).toEqual(asked);
    expect(await known(keys)).toEqual(keys);
  });

  it.each([999, 1000, 1001, 2000, 2001])('finds all of %d files', async (count) => {
    const keys = Array.from({ length: count }, (_, i) => `file-${String(i).padStart(5, '0')}`);
    await enter(...keys.map((key) => entry(key)));
    expect(await known(keys)).toEqual(keys);
  });

  it('forgets files that were removed, of this store alone', async () => {
    await enter(entry('a'), entry('b'), entry('a', { store: 'fs:///others' }));
    await fileMetadata.forget(PLACE, ['a', 'none'], new Date());
    await fileMetadata.forget(PLACE, [], new Date());
    expect(await known(['a', 'b'])).toEqual(['b']);
    expect(await known(['a'], 'fs:///others')).toEqual(['a']);
  });

  it('keeps what was stored in the place of a removed file since', async () => {
    await enter(entry('a'), entry('b'));
    const removedAt = new Date();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await enter(entry('a', { md5: 'new' }));
    await fileMetadata.forget(PLACE, ['a', 'b'], removedAt);
    expect(await known(['a', 'b'])).toEqual(['a']);
    expect((await fileMetadata.lookup(STORE, ['a'])).find('a', '"a"')?.md5).toBe('new');
  });
});

describe('a file that was copied', () => {
  it('is known by its new etag when it was attached, with all that was known of the old one', async () => {
    await enter(entry('a', { etag: '"old"', size: 7 }), entry('b', { etag: '"old"' }));
    const candidates = (await fileMetadata.lookup(STORE, ['a'])).ofSize('a', 7);
    expect(candidates).toMatchObject([{ etag: '"old"', md5: 'aa' }]);
    expect((await fileMetadata.lookup(STORE, ['a'])).ofSize('a', 8)).toEqual([]);
    await fileMetadata.retag({ store: STORE, objectKey: 'a' }, '"old"', '"new"');
    const facts = await fileMetadata.lookup(STORE, ['a', 'b']);
    expect(facts.find('a', '"old"')).toBeUndefined();
    expect(facts.find('a', '"new"')).toEqual({ ...candidates[0], etag: '"new"' });
    expect(facts.find('b', '"old"')).toBeDefined();
  });

  it('is brought into another database as it is, unless that one knows it', async () => {
    const other = new TemporaryDatabase();
    const theirs = await other.connect();
    await enter(entry('a'));
    const copying = await fileMetadata.copyStatement(STORE, 'a', '"a"');
    expect(await fileMetadata.copyStatement(STORE, 'a', '"b"')).toBeUndefined();
    for (let i = 0; i < 2; i++) await theirs.database.write(copying === undefined ? [] : [copying]);
    const rows = (of: SqlDatabase): Promise<unknown> => of.read(sql('SELECT * FROM stored_files'));
    expect(await rows(theirs.database)).toEqual(await rows(database));
    await other.remove();
  });

  it('is known under the new name of its store, if its key is one that moves', async () => {
    await enter(...['stage/user/root/a', 'stage0', 'stages/b'].map((key) => entry(key)));
    await fileMetadata.moveStore(STORE, 'fs:internal', 'stage/');
    expect(await known(['stage/user/root/a'], 'fs:internal')).toEqual(['stage/user/root/a']);
    expect(await known(['stage/user/root/a', 'stage0', 'stages/b'])).toEqual(['stage0', 'stages/b']);
  });
});

describe('a file whose key is too long for the database', () => {
  const shortKeys = (): FileMetadataRepository =>
    new FileMetadataRepository(Object.create(database, { maxKeyBytes: { value: 200 } }) as SqlDatabase);

  it('is refused before it is stored, by its bytes and those of its store', () => {
    const most = 200 - STORE.length - 128;
    shortKeys().assertRecordable(STORE, 'k'.repeat(most));
    expect(() => {
      shortKeys().assertRecordable(STORE, `${'k'.repeat(most - 1)}é`);
    }).toThrow(
      ofKind('Unstorable', {
        message: expect.stringMatching(/ has \d+ bytes, and may have 60\.$/) as string,
      }),
    );
  });

  it('is none of SQLite', () => {
    fileMetadata.assertRecordable(STORE, 'k'.repeat(100_000));
  });
});
