import { EventEmitter, once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { listedAs, type ListedKey } from '../../../src/storage/contract/listed-key.js';
import { StorageError } from '../../../src/storage/contract/storage-error.js';
import type { PutResult, StorageProvider } from '../../../src/storage/contract/storage-provider.js';
import type { ObjectKey } from '../../../src/storage/contract/object-key.js';
import { bodyOf } from '../bodies.js';
import { delegateTo, faulty, type FaultyProvider } from './faulty-provider.js';

export const putFaults: readonly FaultyProvider[] = [
  faulty(
    'ignores the signal of a put',
    'abort: a put that is aborted after 1 KiB leaves nothing behind',
    (honest) => ({
      put: (key, body, options) => honest.put(key, body, { ...options, signal: undefined }),
    }),
  ),
  faulty(
    'begins a put whose signal has fired',
    'abort: a put with a fired signal does not begin',
    (honest) => ({
      put: (key, body, options) => honest.put(key, body, { ...options, signal: undefined }),
    }),
  ),
  faulty(
    'hears the signal of a put and never answers',
    'abort: a put that is aborted after 12 MiB leaves the previous object readable',
    (honest) => ({
      put: async (key, body, options) => {
        try {
          return await honest.put(key, body, options);
        } catch (error) {
          if (options?.signal?.aborted === true) await never();
          throw error;
        }
      },
    }),
  ),
  faulty(
    'keeps the part of a body that failed',
    'put: a body that fails after 1 KiB leaves nothing behind',
    (honest) => ({
      put: async (key, body, options) => {
        const { content, error } = await collect(body);
        const result = await honest.put(key, bodyOf(content), options);
        if (error !== undefined) throw new StorageError('Unexpected', 'The body failed.', { cause: error });
        return result;
      },
    }),
  ),
  faulty(
    'removes the previous object before it has the new one',
    'put: a body that fails after 1 KiB leaves the previous object readable',
    (honest) => ({
      put: async (key, body, options) => {
        await honest.remove([listedAs(key)]);
        return honest.put(key, body, options);
      },
    }),
  ),
  faulty(
    'shows an object while it comes',
    'put: nothing of an object is visible before its body ends',
    writeInPlace,
  ),
  faulty(
    'writes in place, so that a reader sees a mixture',
    'put: a reader that began before an overwrite sees the old or the new, never a mixture',
    (honest) => ({
      get: async (key, options) => {
        const found = await honest.get(key, options);
        found.body.destroy();
        return {
          ...found,
          body: Readable.from(currentChunks(honest, key, found.range), { objectMode: false }),
        };
      },
    }),
  ),
  faulty('loses the last chunk', 'put: keeps an object of 300 KiB byte for byte', (honest) => ({
    put: async (key, body, options) => {
      const { chunks } = await collect(body);
      return honest.put(key, bodyOf(Buffer.concat(chunks.slice(0, -1))), options);
    },
  })),
  faulty(
    'loses what is beyond 8 MiB',
    'put: keeps an object of 8 MiB and one byte byte for byte',
    (honest) => ({
      put: async (key, body, options) => {
        const { content } = await collect(body);
        return honest.put(key, bodyOf(content.subarray(0, 8 * 1024 ** 2)), options);
      },
    }),
  ),
  faulty(
    'calls a failed put done',
    'put: a body that fails after 12 MiB leaves nothing behind',
    (honest) => ({
      put: async (key, body, options) => {
        try {
          return await honest.put(key, body, options);
        } catch {
          return { key, size: 0, etag: null, checksums: {} };
        }
      },
    }),
  ),
  faulty(
    'takes a body that was cut off for one that ended',
    'put: a body that is destroyed without an error is a failure',
    (honest) => ({
      put: async (key, body, options) => {
        const { content, error } = await collect(body);
        const cutOff = codeOf(error) === 'ERR_STREAM_PREMATURE_CLOSE';
        return error === undefined || cutOff
          ? honest.put(key, bodyOf(content), options)
          : honest.put(key, body, options);
      },
    }),
  ),
  faulty(
    'leaves the body open after an abort',
    'abort: a put that is aborted after 1 KiB leaves nothing behind',
    (honest) => ({
      put: (key, body, options) => honest.put(key, body.pipe(new PassThrough()), options),
    }),
  ),
  faulty(
    'answers with an etag of its own',
    'put: answers with the key, size and etag that stat then gives',
    (honest) => ({
      put: async (key, body, options) => ({ ...(await honest.put(key, body, options)), etag: '"mine"' }),
    }),
  ),
  faulty(
    'declares an etag of the content and counts puts',
    'put: an etag that is a digest of the content is the same for the same content',
    (honest) => {
      let puts = 0;
      return {
        put: async (key, body, options) => ({
          ...(await honest.put(key, body, options)),
          etag: `"${String(++puts)}"`,
        }),
      };
    },
  ),
  {
    name: 'leaves its temporary file behind',
    caughtBy: 'put: a body that fails after 12 MiB leaves the previous object readable',
    corrupt: leaveBehind,
  },
  faulty(
    'decodes its keys',
    'keys: a name with what looks percent-encoded works in every operation',
    (honest) => ({
      put: (key, body, options) => honest.put(decodeURIComponent(key) as ObjectKey, body, options), // the fault itself
    }),
  ),
];

/** Stores what has come after every chunk, and clears it away when the body fails. */
function writeInPlace(honest: StorageProvider): Partial<StorageProvider> {
  return {
    put: async (key, body, options): Promise<PutResult> => {
      let content = Buffer.alloc(0);
      try {
        for await (const chunk of body as AsyncIterable<Buffer>) {
          content = Buffer.concat([content, chunk]);
          if (content.length % (64 * 64 * 1024) === 0) await honest.put(key, bodyOf(content), options);
        }
        return await honest.put(key, bodyOf(content), options);
      } catch (error) {
        await honest.remove([listedAs(key)]);
        throw new StorageError('Unexpected', 'The body failed.', { cause: error });
      }
    },
  };
}

/** Each chunk from the object as it is when the chunk is read. */
async function* currentChunks(
  honest: StorageProvider,
  key: ListedKey,
  range: { readonly start: number; readonly end: number },
): AsyncGenerator<Buffer> {
  const step = 64 * 1024;
  for (let start = range.start; start <= range.end; start += step) {
    const end = Math.min(start + step - 1, range.end);
    const { body } = await honest.get(key, { range: { start, end } });
    yield (await collect(body)).content;
  }
}

async function collect(body: Readable): Promise<{ chunks: Buffer[]; content: Buffer; error?: unknown }> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk);
    return { chunks, content: Buffer.concat(chunks) };
  } catch (error) {
    return { chunks, content: Buffer.concat(chunks), error };
  }
}

/** Without `instanceof`: an error of Node's own is none of the `Error` that a test in Jest sees. */
function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

function leaveBehind(honest: StorageProvider): ReturnType<FaultyProvider['corrupt']> {
  const begun = new Set<string>();
  return {
    orphans: (key) => Promise.resolve(begun.has(key) ? [`${key}.tmp`] : []),
    provider: {
      ...delegateTo(honest),
      put: async (key, body, options) => {
        begun.add(key);
        const result = await honest.put(key, body, options);
        begun.delete(key);
        return result;
      },
    },
  };
}

async function never(): Promise<void> {
  await once(new EventEmitter(), 'never');
}
