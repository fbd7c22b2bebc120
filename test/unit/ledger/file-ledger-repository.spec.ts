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
  await database.write(entries.map((one) => ledger.entering(one)));
}

const keysOf = (facts: ReadonlyMap<string, unknown>): string[] => [...facts.keys()];

describe('the ledger of files', () => {
  it('knows of a file what was entered', async () => {
    await enter(entry('a', { md5: null, size: 7 }));
    expect(ledger.factsOf(STORE, ['a']).get('a')).toEqual({
      size: 7,
      etag: '"a"',
      md5: null,
      creator: "'root'@'%'",
    });
  });

  it('knows the latest entry of a file alone', async () => {
    await enter(entry('a', { md5: 'old' }));
    await enter(entry('a', { md5: 'new', etag: '"2"', creator: 'somebody' }));
    expect(ledger.factsOf(STORE, ['a']).get('a')).toMatchObject({
      md5: 'new',
      etag: '"2"',
      creator: 'somebody',
    });
    expect(database.read('SELECT count(*) AS files FROM stored_files')).toEqual([{ files: 1 }]);
  });

  it.each<[string, string[], string[]]>([
    ['nothing of no files', [], []],
    ['those that are asked for', ['a', 'c'], ['a', 'c']],
    ['nothing of files that it does not know', ['aa', 'b0'], []],
    ['of a mixture what it knows', ['a', 'aa', 'd', 'e'], ['a', 'd']],
    ['nothing of another name by a pattern', ['%'], []],
  ])('gives %s', async (_name, asked, found) => {
    await enter(...['a', 'b', 'c', 'd'].map((key) => entry(key)));
    expect(keysOf(ledger.factsOf(STORE, asked))).toEqual(found);
  });

  it('of one store says nothing of another', async () => {
    await enter(entry('a', { store: 'fs:///others' }));
    expect(keysOf(ledger.factsOf(STORE, ['a']))).toEqual([]);
  });

  it('finds names in the order of their bytes, beyond U+FFFF too', async () => {
    const keys = ['A', 'a', 'z', 'é', '\u{FF5E}', '\u{1F3AD}'];
    await enter(...keys.map((key) => entry(key)));
    expect(keysOf(ledger.factsOf(STORE, keys))).toEqual(keys);
  });

  it('finds files among thousands of entries whose files have vanished', async () => {
    const keys = Array.from({ length: 3_500 }, (_, i) => `file-${String(i).padStart(5, '0')}`);
    await enter(...keys.map((key) => entry(key)));
    const asked = keys.filter((_, i) => i % 999 === 0 || i === 3_499);
    expect(keysOf(ledger.factsOf(STORE, asked))).toEqual(asked);
    expect(ledger.factsOf(STORE, keys).size).toBe(3_500);
  });

  it.each([999, 1000, 1001, 2000, 2001])('finds all of %d files', async (count) => {
    const keys = Array.from({ length: count }, (_, i) => `file-${String(i).padStart(5, '0')}`);
    await enter(...keys.map((key) => entry(key)));
    expect(keysOf(ledger.factsOf(STORE, keys))).toEqual(keys);
  });

  it('forgets files that were removed, of this store alone', async () => {
    await enter(entry('a'), entry('b'), entry('a', { store: 'fs:///others' }));
    await ledger.forget(STORE, ['a', 'none'], new Date());
    await ledger.forget(STORE, [], new Date());
    expect(keysOf(ledger.factsOf(STORE, ['a', 'b']))).toEqual(['b']);
    expect(keysOf(ledger.factsOf('fs:///others', ['a']))).toEqual(['a']);
  });

  it('keeps what was stored in the place of a removed file since', async () => {
    await enter(entry('a'), entry('b'));
    const removedAt = new Date();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await enter(entry('a', { md5: 'new' }));
    await ledger.forget(STORE, ['a', 'b'], removedAt);
    expect([...ledger.factsOf(STORE, ['a', 'b'])]).toEqual([['a', expect.objectContaining({ md5: 'new' })]]);
  });
});
