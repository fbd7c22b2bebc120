import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { jest } from '@jest/globals';
import {
  FileMetadataIndex,
  type FileMetadataRepository,
} from '../../../src/file-metadata/file-metadata.repository.js';
import { RecordedContentTypes } from '../../../src/stages/files/recorded-content-types.js';
import type { StageRoot } from '../../../src/stages/files/stage-storage.js';
import { listedKey } from '../../../src/storage/contract/listed-key.js';
import type { ObjectBody } from '../../../src/storage/contract/storage-provider.js';

const ROOT = { location: { store: 'fs', prefix: 'stage/' } } as StageRoot; // all that it reads
const NAME = listedKey('f.csv');
const OLD = new Date(Date.now() - 60_000);

/** What is on record, by etag. */
let records: Map<string, string>;
const lookup = jest.fn<FileMetadataRepository['lookup']>();
let types: RecordedContentTypes;

beforeEach(() => {
  records = new Map();
  lookup.mockReset().mockImplementation((_store, [key = '']) => {
    const index = new FileMetadataIndex();
    for (const [etag, type] of records) index.add([key, 4, etag, null, 'root', type]);
    return Promise.resolve(index);
  });
  types = new RecordedContentTypes({ lookup } as Partial<FileMetadataRepository> as FileMetadataRepository);
});

const opened: Readable[] = [];

function fileOf(etag: string, lastModified = OLD): () => Promise<ObjectBody> {
  return () => {
    const body = Readable.from(['text']);
    opened.push(body);
    const stat = { key: NAME, size: 4, etag, lastModified, md5: null, contentType: null };
    return Promise.resolve({ stat, range: { start: 0, end: 3 }, body });
  };
}

async function typeOf(etag: string, lastModified?: Date): Promise<string | null> {
  return (await types.open(ROOT, NAME, fileOf(etag, lastModified))).stat.contentType;
}

describe('the content type of a file in a store that keeps none', () => {
  it('is the recorded one, and is looked up once for a version', async () => {
    records.set('"1"', 'text/csv');
    for (let i = 0; i < 3; i++) expect(await typeOf('"1"')).toBe('text/csv');
    expect(lookup).toHaveBeenCalledTimes(1);
    expect(lookup).toHaveBeenCalledWith('fs', ['stage/f.csv']);
  });

  it('is that of the new version when the file was replaced, and the body of the first attempt is closed', async () => {
    records.set('"1"', 'text/csv');
    await typeOf('"1"');
    records.set('"2"', 'text/plain');
    opened.length = 0;
    expect(await typeOf('"2"')).toBe('text/plain');
    expect(opened.map(({ destroyed }) => destroyed)).toEqual([true, false]);
  });

  it('is none for a file that nobody has recorded, and that is not asked again for a second', async () => {
    for (let i = 0; i < 3; i++) expect(await typeOf('"1"')).toBeNull();
    expect(lookup).toHaveBeenCalledTimes(1);
    records.set('"1"', 'text/csv');
    await delay(1_100);
    expect(await typeOf('"1"')).toBe('text/csv');
  });

  it('is asked for each time as long as the record of a new file may still be on its way', async () => {
    expect(await typeOf('"1"', new Date())).toBeNull();
    records.set('"1"', 'text/csv');
    expect(await typeOf('"1"', new Date())).toBe('text/csv');
  });

  it('of a version that came in after an unknown one is looked up', async () => {
    expect(await typeOf('"1"')).toBeNull();
    records.set('"2"', 'text/csv');
    expect(await typeOf('"2"', new Date())).toBe('text/csv');
  });

  it('is known before the file is open: nothing is opened if it cannot be', async () => {
    lookup.mockRejectedValue(new Error('away'));
    opened.length = 0;
    await expect(typeOf('"1"')).rejects.toThrow('away');
    expect(opened).toEqual([]);
  });
});
