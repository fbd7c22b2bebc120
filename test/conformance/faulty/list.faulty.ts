import type {
  ListOptions,
  ObjectStat,
  StorageProvider,
} from '../../../src/storage/contract/storage-provider.js';
import { faulty, type FaultyProvider } from './faulty-provider.js';

type Batches = AsyncIterable<readonly ObjectStat[]>;

export const listFaults: readonly FaultyProvider[] = [
  faulty('lists nothing, ever', 'list: is flat and recursive', () => ({ list: () => batchesOf([]) })),
  faulty(
    'lists in the order of UTF-16 units',
    'list: orders characters beyond U+FFFF after those below, as their bytes do',
    (honest) => ({ list: (options) => sorted(honest, options, (a, b) => (a < b ? -1 : 1)) }),
  ),
  faulty(
    'lists in the order of a dictionary',
    'list: orders upper case before lower case, and ASCII before the rest',
    (honest) => ({ list: (options) => sorted(honest, options, (a, b) => a.localeCompare(b)) }),
  ),
  faulty(
    'lists directory by directory, without their slash',
    'list: orders by bytes, so that a slash sorts between a dot and a zero',
    (honest) => ({
      list: (options) =>
        sorted(honest, options, (a, b) => (a.replaceAll('/', '\0') < b.replaceAll('/', '\0') ? -1 : 1)),
    }),
  ),
  faulty('lists objects as they arrived', 'list: is flat and recursive', (honest) => {
    const arrived: string[] = [];
    return {
      put: (key, body, options) => {
        arrived.push(key);
        return honest.put(key, body, options);
      },
      list: (options) => sorted(honest, options, (a, b) => arrived.indexOf(a) - arrived.indexOf(b)),
    };
  }),
  faulty('lists one level only', 'list: is flat and recursive', (honest) => ({
    list: (options) => filtered(honest, options, ({ key }) => key.split('/').length < 3),
  })),
  faulty(
    'stops listing after 1,000 objects',
    'list: 2,500 objects come completely, whatever the pages and limits',
    (honest) => ({
      list: (options) => honest.list({ ...options, limit: Math.min(options?.limit ?? Infinity, 1_000) }),
    }),
  ),
  faulty('ignores startAfter', 'list: startAfter can be a key, which is left out', (honest) => ({
    list: (options) => honest.list({ ...options, startAfter: undefined }),
  })),
  faulty('lists startAfter too', 'list: startAfter can be a key, which is left out', (honest) => ({
    list: (options) =>
      filtered(
        honest,
        { ...options, startAfter: undefined },
        ({ key }) => key >= (options?.startAfter ?? ''),
      ),
  })),
  faulty(
    'lists nothing where startAfter lacks the prefix',
    'list: startAfter can lie before every key of the prefix',
    (honest) => ({
      list: (options = {}) => {
        const { prefix = '', startAfter = prefix } = options;
        return startAfter.startsWith(prefix) ? honest.list(options) : batchesOf([]);
      },
    }),
  ),
  faulty('ignores the limit', 'list: a limit of 1 lists the first object', (honest) => ({
    list: (options) => honest.list({ ...options, limit: undefined }),
  })),
  faulty('takes a limit of 0 for none', 'list: a limit of 0 lists nothing', (honest) => ({
    list: (options) => honest.list({ ...options, limit: options?.limit === 0 ? undefined : options?.limit }),
  })),
  faulty(
    'takes the prefix for a directory',
    'list: a prefix is a plain string, not a directory',
    (honest) => ({
      list: (options) => {
        const directory = options?.prefix?.replace(/\/$/, '') ?? '';
        return filtered(
          honest,
          options,
          ({ key }) => directory === '' || key === directory || key.startsWith(`${directory}/`),
        );
      },
    }),
  ),
  faulty('yields empty batches', 'list: a prefix without a match lists nothing', (honest) => ({
    list: async function* (options) {
      yield [];
      yield* honest.list(options);
    },
  })),
  faulty('lists another etag than stat gives', 'list: each entry equals stat', (honest) => ({
    list: (options) =>
      mapped(honest, options, (stat) => ({ ...stat, etag: stat.etag?.slice(1, -1) ?? null })),
  })),
  faulty('lists without sizes', 'list: each entry equals stat', (honest) => ({
    list: (options) => mapped(honest, options, (stat) => ({ ...stat, size: 0 })),
  })),
  faulty(
    'lists on after its signal',
    'list: a signal that fires between two batches ends it with Aborted',
    (honest) => ({
      list: (options) => honest.list({ ...options, signal: undefined }),
    }),
  ),
];

async function* batchesOf(stats: readonly ObjectStat[]): Batches {
  await Promise.resolve();
  if (stats.length > 0) yield stats;
}

/** Lists as it should, but in another order. */
async function* sorted(
  honest: StorageProvider,
  options: ListOptions | undefined,
  compare: (a: string, b: string) => number,
): Batches {
  const all: ObjectStat[] = [];
  for await (const batch of honest.list(options)) all.push(...batch);
  yield* batchesOf(all.sort((a, b) => compare(a.key, b.key)));
}

async function* filtered(
  honest: StorageProvider,
  options: ListOptions | undefined,
  keep: (stat: ObjectStat) => boolean,
): Batches {
  for await (const batch of honest.list(options)) yield* batchesOf(batch.filter(keep));
}

async function* mapped(
  honest: StorageProvider,
  options: ListOptions | undefined,
  change: (stat: ObjectStat) => ObjectStat,
): Batches {
  for await (const batch of honest.list(options)) yield batch.map(change);
}
