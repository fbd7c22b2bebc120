import { Readable } from 'node:stream';
import type { Orphan } from '../../../src/storage/contract/orphan.js';
import { objectKey } from '../../../src/storage/contract/object-key.js';
import { StorageError } from '../../../src/storage/contract/storage-error.js';
import type { PutOptions, PutResult } from '../../../src/storage/contract/storage-provider.js';
import { MultipartWriter } from '../../../src/storage/multipart/multipart-writer.js';
import type {
  CreatedUpload,
  ObjectTarget,
  ObjectTargets,
  UploadPart,
  WrittenPart,
} from '../../../src/storage/multipart/object-target.js';
import { BASE_PART_BYTES } from '../../../src/storage/multipart/part-sizing.js';
import { RecordedCleanup } from '../../conformance/recorded-cleanup.js';

const KEY = objectKey('dir/a.bin');
const LONG = Buffer.alloc(2 * BASE_PART_BYTES + 7, 'a long content ');
const refusal = new Error('the caller says no');

/** A store that takes parts, in memory, whose calls can be made to fail. */
class PartsInMemory implements ObjectTargets {
  readonly limits = { maxObjectBytes: 1024 ** 3, maxPartBytes: 1024 ** 3, maxParts: 100 };
  readonly calls: string[] = [];
  readonly objects = new Map<string, Buffer>();
  readonly failing: Partial<Record<keyof ObjectTarget, Error>>;
  readonly #parts = new Map<number, Buffer>();

  constructor(failing: Partial<Record<keyof ObjectTarget, Error>> = {}) {
    this.failing = failing;
  }

  run<Result>(
    key: string,
    _options: PutOptions,
    _stop: AbortSignal,
    put: (target: ObjectTarget) => Promise<Result>,
  ): Promise<Result> {
    const call = async <T>(name: keyof ObjectTarget, done: () => T): Promise<T> => {
      this.calls.push(name);
      await Promise.resolve();
      if (this.failing[name] !== undefined) throw this.failing[name];
      return done();
    };
    const makeObject = (bytes: Buffer): string => {
      this.objects.set(key, bytes);
      return '"etag"';
    };
    return put({
      beforeParts: () => call('beforeParts', () => undefined),
      beforeCommit: () => call('beforeCommit', () => undefined),
      writeOnce: (bytes: Buffer) => call('writeOnce', () => makeObject(Buffer.from(bytes))),
      createUpload: () =>
        call('createUpload', (): CreatedUpload => ({ uploadId: 'u', mayHaveDuplicate: false })),
      writePart: (_id: string, { partNumber, bytes }: UploadPart) =>
        call('writePart', () => {
          this.#parts.set(partNumber, Buffer.from(bytes));
          return String(partNumber);
        }),
      copyOnce: () => call('copyOnce', () => '"etag"'),
      copyPart: () => call('copyPart', () => 'part'),
      completeUpload: (_id: string, parts: readonly WrittenPart[]) =>
        call('completeUpload', () =>
          makeObject(Buffer.concat(parts.map(({ etag }) => this.#parts.get(Number(etag)) ?? Buffer.of()))),
        ),
      abortUpload: () => call('abortUpload', () => undefined),
      abortLostUploads: () => call('abortLostUploads', () => undefined),
      mayHaveCreated: () => true,
      failure: (error: unknown) =>
        error instanceof StorageError ? error : new StorageError('Unavailable', String(error)),
    });
  }
}

function put(store: PartsInMemory, content: Buffer, options: PutOptions = {}): Promise<PutResult> {
  return new MultipartWriter(store).put(KEY, Readable.from([content]), options);
}

it.each([
  ['an empty body', Buffer.alloc(0)],
  ['one that fits into a chunk', Buffer.from('short')],
  ['one that fills one part', Buffer.alloc(BASE_PART_BYTES, 'x')],
])('%s is written by one request', async (_what, content) => {
  const store = new PartsInMemory();
  expect(await put(store, content)).toMatchObject({ key: KEY, size: content.length, etag: '"etag"' });
  expect(store.calls.filter((call) => !call.startsWith('before'))).toEqual(['writeOnce']);
  expect(store.objects.get(KEY)?.equals(content)).toBe(true);
});

it('a longer one is written in parts, in their order, and noted while it can leave some behind', async () => {
  const store = new PartsInMemory();
  const cleanupLog = new RecordedCleanup();
  await put(store, LONG, { cleanupLog });
  expect(store.objects.get(KEY)?.equals(LONG)).toBe(true);
  expect(store.calls).toEqual([
    'beforeParts',
    'createUpload',
    ...['writePart', 'writePart', 'writePart'],
    'beforeCommit',
    'completeUpload',
  ]);
  expect(cleanupLog.recorded.map(({ uploadId }: Orphan) => uploadId)).toEqual([undefined, 'u']);
  expect(cleanupLog.retained).toBe(0);
});

it.each(['writePart', 'beforeCommit', 'completeUpload'] as const)(
  'its parts are removed when %s fails, and the error is that one',
  async (name) => {
    const store = new PartsInMemory({ [name]: new StorageError('NoSpace', 'The store is full.') });
    await expect(put(store, LONG)).rejects.toMatchObject({ kind: 'NoSpace' });
    expect(store.calls.at(-1)).toBe('abortUpload');
    expect(store.objects.size).toBe(0);
  },
);

it('parts that could not be removed stay noted, and the first error decides', async () => {
  const failing = { writePart: new Error('first'), abortUpload: new Error('second') };
  const cleanupLog = new RecordedCleanup();
  const failed = put(new PartsInMemory(failing), LONG, { cleanupLog });
  await expect(failed).rejects.toMatchObject({ kind: 'Unavailable', message: 'Error: first' });
  expect(cleanupLog.retained).toBe(1);
});

it('an upload whose creation may have happened stays noted, or is looked for where nobody keeps notes', async () => {
  const cleanupLog = new RecordedCleanup();
  const failing = { createUpload: new Error('the answer was lost') };
  await expect(put(new PartsInMemory(failing), LONG, { cleanupLog })).rejects.toThrow();
  expect(cleanupLog.retained).toBe(1);
  const store = new PartsInMemory(failing);
  await expect(put(store, LONG)).rejects.toThrow();
  expect(store.calls.at(-1)).toBe('abortLostUploads');
});

it.each([
  ['a short body', Buffer.from('short')],
  ['a long one', LONG],
])('what the caller says no with comes back as it is: %s', async (_what, content) => {
  const store = new PartsInMemory();
  const refused = put(store, content, { beforeCommit: () => Promise.reject(refusal) });
  await expect(refused).rejects.toBe(refusal);
  expect(store.objects.size).toBe(0);
});

it('a body with more parts than the store takes is too large', async () => {
  const store = new PartsInMemory();
  Object.assign(store, { limits: { ...store.limits, maxParts: 2 } });
  await expect(put(store, LONG, { maxBytes: 10 })).rejects.toMatchObject({ kind: 'TooLarge' });
  expect(store.calls.at(-1)).toBe('abortUpload');
});
