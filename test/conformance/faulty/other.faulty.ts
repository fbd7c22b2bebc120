import { Readable } from 'node:stream';
import { StorageError } from '../../../src/storage/contract/storage-error.js';
import type { ObjectStat, StorageProvider } from '../../../src/storage/contract/storage-provider.js';
import { faulty, type FaultyProvider } from './faulty-provider.js';

/** Faults in get, stat, remove and presign. */
export const otherFaults: readonly FaultyProvider[] = [
  faulty('takes the end of a range for exclusive', 'get: a range has both its ends', (honest) => ({
    get: (key, options) => {
      const range = options?.range;
      if (range === undefined || !('start' in range) || range.end === undefined)
        return honest.get(key, options);
      return honest.get(key, { ...options, range: { start: range.start, end: range.end - 1 } });
    },
  })),
  faulty('ignores ranges', 'get: a range without an end goes to the last byte', (honest) => ({
    get: (key, options) => honest.get(key, { ...options, range: undefined }),
  })),
  faulty('says the range and sends the whole', 'get: a suffix is the last bytes', (honest) => ({
    get: async (key, options) => {
      const { stat, range, body } = await honest.get(key, options);
      body.destroy();
      return { stat, range, body: (await honest.get(key)).body };
    },
  })),
  faulty(
    'answers a start past the end with nothing',
    'get: a range that starts right behind the last byte is RangeNotSatisfiable',
    (honest) => ({
      get: async (key, options) => {
        try {
          return await honest.get(key, options);
        } catch (error) {
          if (!(error instanceof StorageError) || error.kind !== 'RangeNotSatisfiable') throw error;
          const stat = await honest.stat(key);
          return { stat, range: { start: stat.size, end: stat.size - 1 }, body: Readable.from([]) };
        }
      },
    }),
  ),
  faulty(
    'lets the stream tell that an object is missing',
    'get: a missing object rejects the promise as NotFound',
    (honest) => ({
      get: async (key, options) => {
        try {
          return await honest.get(key, options);
        } catch (error) {
          return { stat: emptyStat(key), range: { start: 0, end: -1 }, body: Readable.from(failing(error)) };
        }
      },
    }),
  ),
  faulty('reads on after its signal', 'abort: a body that is being read fails as Aborted', (honest) => ({
    get: (key, options) => honest.get(key, { ...options, signal: undefined }),
  })),
  faulty(
    'hears the signal as an AbortError',
    'abort: get and stat with a fired signal are Aborted',
    (honest) => ({
      stat: async (key, options) => {
        options?.signal?.throwIfAborted();
        return honest.stat(key, options);
      },
    }),
  ),
  faulty('says a wrong size', 'stat: says the size, a quoted etag and when the object was put', (honest) => ({
    stat: async (key, options) => {
      const stat = await honest.stat(key, options);
      return { ...stat, size: stat.size + 1 };
    },
  })),
  faulty('throws errors of its own', 'stat: a missing object is NotFound', (honest) => ({
    stat: (key, options) =>
      honest.stat(key, options).catch(() => {
        throw Object.assign(new Error('ENOENT'), { kind: 'NotFound' });
      }),
  })),
  faulty('finds a directory for an object', 'stat: a missing object is NotFound', (honest) => ({
    stat: async (key, options) => {
      for await (const [below] of honest.list({ prefix: `${key}/`, limit: 1 })) {
        if (below !== undefined) return emptyStat(key);
      }
      return honest.stat(key, options);
    },
  })),
  faulty('removes the first 1,000 keys', 'remove: takes 2,100 keys at once', (honest) => ({
    remove: async (keys, options) => {
      await honest.remove(keys.slice(0, 1_000), options);
      return { removed: keys.length, failures: [] };
    },
  })),
  faulty(
    'cannot remove what is not there',
    'remove: removing what is not there succeeds and counts',
    (honest) => ({
      remove: async (keys, options) => {
        for (const key of keys) await honest.stat(key, options);
        return honest.remove(keys, options);
      },
    }),
  ),
  faulty(
    'counts only what was there',
    'remove: removing what is not there succeeds and counts',
    (honest) => ({
      remove: async (keys, options) => {
        const found = await Promise.allSettled(keys.map((key) => honest.stat(key, options)));
        await honest.remove(keys, options);
        return { removed: found.filter(({ status }) => status === 'fulfilled').length, failures: [] };
      },
    }),
  ),
  faulty(
    'removes the neighbours too',
    'remove: leaves the neighbours whose names begin with the key',
    (honest) => ({ remove: (keys, options) => removeByPrefix(honest, keys, options) }),
  ),
  faulty(
    'removes what lies below',
    'remove: the name of a directory is not there, and what lies below stays',
    (honest) => ({ remove: (keys, options) => removeByPrefix(honest, keys, options) }),
  ),
  faulty('hands out no URL that it declares', 'presign: GET returns the content', (honest) => ({
    capabilities: { ...honest.capabilities, presign: true },
  })),
  faulty('presigns GET for PUT', 'presign: PUT stores the body', (honest) => ({
    capabilities: { ...honest.capabilities, presign: true },
    presign: (_key, { expiresInSeconds }) =>
      Promise.resolve({
        method: 'GET',
        url: 'http://127.0.0.1:1/',
        headers: {},
        expiresAt: new Date(Date.now() + expiresInSeconds * 1_000),
      }),
  })),
  faulty('presigns for milliseconds', 'presign: says when the URL expires', (honest) => ({
    capabilities: { ...honest.capabilities, presign: true },
    presign: ({ method }, { expiresInSeconds }) =>
      Promise.resolve({
        method,
        url: 'http://127.0.0.1:1/',
        headers: {},
        expiresAt: new Date(Date.now() + expiresInSeconds),
      }),
  })),
];

const removeByPrefix = async (
  honest: StorageProvider,
  ...[keys, options]: Parameters<StorageProvider['remove']>
): ReturnType<StorageProvider['remove']> => {
  for (const prefix of keys) {
    for await (const batch of honest.list({ prefix })) await honest.remove(batch.map(({ key }) => key));
  }
  return honest.remove(keys, options);
};

function emptyStat(key: ObjectStat['key']): ObjectStat {
  return { key, size: 0, lastModified: new Date(), etag: null, md5: null, contentType: null };
}

async function* failing(error: unknown): AsyncGenerator<Buffer> {
  yield Buffer.alloc(0);
  await Promise.reject(error instanceof Error ? error : new Error(String(error)));
}
