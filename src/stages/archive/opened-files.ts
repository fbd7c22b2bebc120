import { buffer } from 'node:stream/consumers';
import type { ListedKey } from '../../storage/contract/listed-key.js';
import { ShortBody } from '../../storage/contract/short-body.js';
import { StorageError } from '../../storage/contract/storage-error.js';
import type { ObjectBody, ObjectStat, StorageProvider } from '../../storage/contract/storage-provider.js';

/** The most of a file that is held in memory. A disk reads as much at once. */
const SHORT_BYTES = 128 * 1024;
/** Short files that are read while an earlier file is sent. */
const READ_AHEAD = 4;

/** A listed file. Its reader owns the body. */
export interface OpenedFile {
  readonly key: ListedKey;
  /** Undefined if the file was removed since it was listed. */
  readonly file: ObjectBody | undefined;
}

type Waiting = () => Promise<OpenedFile>;

/**
 * Opens listed files in their order. Short ones are read a few files ahead: a store far away takes its time for each. A longer one is
 * opened when its turn comes, because a store gives up a connection on which nobody reads.
 */
export async function* openedFiles(
  storage: Pick<StorageProvider, 'get'>,
  batches: AsyncIterable<readonly ObjectStat[]>,
  signal: AbortSignal,
): AsyncGenerator<OpenedFile> {
  const open = (key: ListedKey): Promise<ObjectBody | undefined> =>
    storage.get(key, { signal, reusesChunks: true }).catch(unlessRemoved);
  const waiting: Waiting[] = [];
  for await (const batch of batches) {
    for (const { key, size } of batch) {
      waiting.push(size > SHORT_BYTES ? async () => ({ key, file: await open(key) }) : readAhead(key, open));
      const next = waiting.length > READ_AHEAD ? waiting.shift() : undefined;
      if (next !== undefined) yield await next();
    }
  }
  for (const next of waiting) yield await next();
}

function readAhead(key: ListedKey, open: (key: ListedKey) => Promise<ObjectBody | undefined>): Waiting {
  const reading = open(key).then(inMemory);
  reading.catch(() => undefined); // who waits for the file hears of it
  return async () => {
    const file = await reading;
    return { key, file: file === 'long' ? await open(key) : file };
  };
}

/** Holds memory alone, so that nothing is lost if its turn never comes. Another file may have the name since it was listed. */
async function inMemory(file: ObjectBody | undefined): Promise<ObjectBody | 'long' | undefined> {
  if (file === undefined || file.body instanceof ShortBody) return file;
  if (file.stat.size <= SHORT_BYTES) return { ...file, body: new ShortBody(await buffer(file.body)) };
  file.body.destroy();
  return 'long';
}

function unlessRemoved(error: unknown): undefined {
  if (!(error instanceof StorageError) || error.kind !== 'NotFound') throw error;
}
