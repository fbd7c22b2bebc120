import { FilePattern } from '../../../src/stages/files/file-pattern.js';
import {
  matchingFiles,
  removeMatching,
  type FileSelection,
} from '../../../src/stages/files/matching-files.js';
import type { FileMetadataRepository } from '../../../src/file-metadata/file-metadata.repository.js';
import { OPERATOR } from '../../../src/access/principal.js';
import { AuditStatement } from '../../../src/audit/events/audit-statement.js';
import type { SqlStatement } from '../../../src/database/sql.js';
import type { ActedOnStage } from '../../../src/stages/files/stage-storage.js';
import { listedKey } from '../../../src/storage/contract/listed-key.js';
import { MemoryStorageProvider } from '../../../src/storage/providers/memory/memory-storage.provider.js';
import { listedKeys, putAll } from '../../conformance/expectations.js';

/** More than two batches of the store in memory, which are of 100. */
const NUMBERS = Array.from({ length: 250 }, (_, i) => String(i).padStart(3, '0'));
const NAMES = NUMBERS.flatMap((number) => [`dir/${number}.csv`, `other/${number}.txt`]);

let storage: MemoryStorageProvider;
let root: ActedOnStage;
let forgotten: string[];
let events: readonly SqlStatement[];

/** What of the file metadata a removal uses. */
const fileMetadata = {
  forget(
    { store }: { readonly store: string },
    keys: readonly string[],
    _removedAt: Date,
    event?: SqlStatement,
  ) {
    forgotten.push(...keys.map((key) => `${store} ${key}`));
    if (event !== undefined) events = [...events, event];
    return Promise.resolve();
  },
} as unknown as FileMetadataRepository;

beforeEach(async () => {
  storage = new MemoryStorageProvider();
  const connection = { scheme: 'memory', url: 'memory:///', rootPrefix: '', options: {} };
  const stage = { kind: 'user', name: '~', userId: 'ann', quota: null } as const;
  root = { storage, stage, actor: OPERATOR, location: { connection, store: 'store', prefix: 'root/' } };
  forgotten = [];
  events = [];
  await putAll(storage, NAMES);
});

async function select(selection: Omit<FileSelection, 'pattern'> & { pattern?: string }): Promise<string[]> {
  const pattern = selection.pattern === undefined ? undefined : new FilePattern(selection.pattern);
  const keys: string[] = [];
  for await (const batch of matchingFiles(storage, { ...selection, pattern })) {
    expect(batch.length).toBeGreaterThan(0);
    keys.push(...batch.map(({ key }) => key));
  }
  return keys;
}

const csv = (from: number, to: number): string[] =>
  NUMBERS.slice(from, to).map((number) => `dir/${number}.csv`);

it.each([
  ['everything', { prefix: '' }, [...NAMES].sort()],
  ['a prefix', { prefix: 'dir/' }, csv(0, 250)],
  ['a prefix that is half a name', { prefix: 'dir/00' }, csv(0, 10)],
  ['a prefix of nothing', { prefix: 'no' }, []],
  ['a limit', { prefix: 'dir/', limit: 3 }, csv(0, 3)],
  ['a limit across batches', { prefix: 'dir/', limit: 201 }, csv(0, 201)],
  ['a pattern on the whole name', { prefix: '', pattern: '.*[.]csv' }, csv(0, 250)],
  ['a pattern on what follows the prefix', { prefix: 'dir/', pattern: '0[.0-9]*csv' }, csv(0, 100)],
  ['no match for a pattern that names the prefix again', { prefix: 'dir/', pattern: 'dir/.*' }, []],
  ['a pattern that matches nothing of a whole name', { prefix: 'dir/000.csv', pattern: '' }, csv(0, 1)],
  ['a pattern with a limit across batches', { prefix: '', pattern: '.*csv', limit: 150 }, csv(0, 150)],
  ['a pattern with a limit of one batch', { prefix: '', pattern: '.*csv', limit: 100 }, csv(0, 100)],
  ['a pattern that matches late', { prefix: '', pattern: '.*24[0-9][.]csv', limit: 5 }, csv(240, 245)],
  ['what comes after a name', { prefix: 'dir/', startAfter: 'dir/199.csv' }, csv(200, 250)],
  [
    'a pattern after a name',
    { prefix: 'dir/', pattern: '.*', startAfter: 'dir/199.csv', limit: 9 },
    csv(200, 209),
  ],
])('selects %s', async (_what, selection, expected) => {
  expect(await select(selection)).toEqual(expected);
});

it('ends as Aborted when the signal fires', async () => {
  const selecting = select({ prefix: '', pattern: '.*', signal: AbortSignal.abort() });
  await expect(selecting).rejects.toMatchObject({ kind: 'Aborted' });
});

describe('a removal', () => {
  it('takes what is selected, in every batch, and counts it', async () => {
    expect(
      await removeMatching(root, fileMetadata, { prefix: '', pattern: new FilePattern('.*[.]csv') }),
    ).toBe(250);
    expect(await listedKeys(storage)).toEqual(NUMBERS.map((number) => `other/${number}.txt`));
  });

  it('tells the audit of each batch, with its number, bytes and bounds, and of one file by its name', async () => {
    await removeMatching(root, fileMetadata, { prefix: 'dir/', pattern: new FilePattern('.*') });
    await removeMatching(root, fileMetadata, { prefix: 'other/000' });
    const told = events.flatMap((statement) => (statement instanceof AuditStatement ? statement.event : []));
    expect(told.map(({ path, count }) => [path, count])).toEqual([
      ['dir/', 100],
      ['dir/', 100],
      ['dir/', 50],
      ['other/000.txt', 1],
    ]);
    expect(told[0]).toMatchObject({
      action: 'file.remove',
      outcome: 'success',
      stage: { name: '~', id: 'ann' },
      bytes: 1100,
      detail: { prefix: 'dir/', pattern: '.*', first: 'dir/000.csv', last: 'dir/099.csv' },
    });
  });

  it('of nothing is none', async () => {
    expect(await removeMatching(root, fileMetadata, { prefix: 'no' })).toBe(0);
    expect(await listedKeys(storage)).toHaveLength(500);
  });

  it('takes no name that only begins like a selected one', async () => {
    expect(await removeMatching(root, fileMetadata, { prefix: 'dir/000.csv' })).toBe(1);
    expect(forgotten).toEqual(['store root/dir/000.csv']);
    await expect(storage.stat(listedKey('dir/001.csv'))).resolves.toMatchObject({ size: 11 });
  });
});
