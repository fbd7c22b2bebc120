import { FileLedgerRepository, type LedgerEntry } from '../../../src/ledger/file-ledger.repository.js';
import type { SqlDatabase } from '../../../src/database/sql-database.js';
import { TemporaryDatabase } from '../database/temporary-database.js';

const STORE = 'fs:///stages';

let temporary: TemporaryDatabase;
let database: SqlDatabase;
let ledger: FileLedgerRepository;

beforeEach(async () => {
  temporary = new TemporaryDatabase();
  ({ database } = await temporary.connect());
  ledger = new FileLedgerRepository(database);
});

afterEach(async () => {
  await temporary.remove();
});

function entry(objectKey: string, more: Partial<LedgerEntry> = {}): LedgerEntry {
  const rest = { size: 5, etag: `"${objectKey}"`, md5: 'aa', creator: "'root'@'%'", uploadId: 'u1' };
  return { store: STORE, objectKey, ...rest, ...more };
}

async function enter(...entries: LedgerEntry[]): Promise<void> {
  await database.write(entries.flatMap((one) => ledger.entering(one)));
}

/** Which of the keys the ledger knows, by the etags that `entry` gives. */
function known(store: string, keys: readonly string[]): string[] {
  const facts = ledger.factsOf(store, keys);
  return keys.filter((key) => facts.find(key, `"${key}"`) !== undefined);
}

describe('the ledger of files', () => {
  it('knows of a file what was entered', async () => {
    await enter(entry('a', { md5: null, size: 7 }));
    expect(ledger.factsOf(STORE, ['a']).find('a', '"a"')).toEqual({
      size: 7,
      etag: '"a"',
      md5: null,
      creator: "'root'@'%'",
    });
  });

  it('knows a file by each of its etags for a while: of two uploads at once either may be the last in the store', async () => {
    await enter(entry('a', { md5: 'old' }), entry('a', { md5: 'new', etag: '"2"' }));
    const facts = ledger.factsOf(STORE, ['a']);
    expect(facts.find('a', '"a"')).toMatchObject({ md5: 'old' });
    expect(facts.find('a', '"2"')).toMatchObject({ md5: 'new' });
    expect(facts.find('a', '"3"')).toBeUndefined();
    expect(facts.find('a', null)).toBeUndefined();
  });

  it('forgets what was superseded more than a minute ago', async () => {
    await enter(entry('a', { md5: 'old' }));
    const before = new Date(Date.now() - 61_000).toISOString();
    await database.write([{ sql: 'UPDATE stored_files SET stored_at = ?', values: [before] }]);
    await enter(entry('a', { md5: 'new', etag: '"2"' }));
    expect(database.read('SELECT md5 FROM stored_files')).toEqual([{ md5: 'new' }]);
  });

  it.each<[string, string[], string[]]>([
    ['nothing of no files', [], []],
    ['those that are asked for', ['a', 'c'], ['a', 'c']],
    ['nothing of files that it does not know', ['aa', 'b0'], []],
    ['of a mixture what it knows', ['a', 'aa', 'd', 'e'], ['a', 'd']],
    ['nothing of another name by a pattern', ['%'], []],
  ])('gives %s', async (_name, asked, found) => {
    await enter(...['a', 'b', 'c', 'd'].map((key) => entry(key)));
    expect(known(STORE, asked)).toEqual(found);
  });

  it('of one store says nothing of another', async () => {
    await enter(entry('a', { store: 'fs:///others' }));
    expect(known(STORE, ['a'])).toEqual([]);
  });

  it('finds names in the order of their bytes, beyond U+FFFF too', async () => {
    const keys = ['A', 'a', 'z', 'é', '\u{FF5E}', '\u{1F3AD}'];
    await enter(...keys.map((key) => entry(key)));
    expect(known(STORE, keys)).toEqual(keys);
  });

  it('finds files among thousands of entries whose files have vanished', async () => {
    const keys = Array.from({ length: 3_500 }, (_, i) => `file-${String(i).padStart(5, '0')}`);
    await enter(...keys.map((key) => entry(key)));
    const asked = keys.filter((_, i) => i % 999 === 0 || i === 3_499);
    expect(known(STORE, asked)).toEqual(asked);
    expect(known(STORE, keys)).toHaveLength(3_500);
  });

  it.each([999, 1000, 1001, 2000, 2001])('finds all of %d files', async (count) => {
    const keys = Array.from({ length: count }, (_, i) => `file-${String(i).padStart(5, '0')}`);
    await enter(...keys.map((key) => entry(key)));
    expect(known(STORE, keys)).toEqual(keys);
  });

  it('forgets files that were removed, of this store alone', async () => {
    await enter(entry('a'), entry('b'), entry('a', { store: 'fs:///others' }));
    await ledger.forget(STORE, ['a', 'none'], new Date());
    await ledger.forget(STORE, [], new Date());
    expect(known(STORE, ['a', 'b'])).toEqual(['b']);
    expect(known('fs:///others', ['a'])).toEqual(['a']);
  });

  it('keeps what was stored in the place of a removed file since', async () => {
    await enter(entry('a'), entry('b'));
    const removedAt = new Date();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await enter(entry('a', { md5: 'new' }));
    await ledger.forget(STORE, ['a', 'b'], removedAt);
    expect(known(STORE, ['a', 'b'])).toEqual(['a']);
    expect(ledger.factsOf(STORE, ['a']).find('a', '"a"')).toMatchObject({ md5: 'new' });
  });
});
