import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { StorageError } from '../../../src/storage/contract/storage-error.js';
import type { PutOptions, StorageProvider } from '../../../src/storage/contract/storage-provider.js';
import { bodyOf } from '../bodies.js';
import { referenceChecksums } from '../reference-checksums.js';
import { faulty, type FaultyProvider } from './faulty-provider.js';
import { removingWhereRefused } from './removing-where-refused.js';

const FIRST_BYTES = 512 * 1024;

/** Faults in the checksums of put, or in whom it asks. */
export const putContentFaults: readonly FaultyProvider[] = [
  faulty(
    'computes checksums of what came first',
    'checksums: all algorithms give those of the whole of 600 KiB',
    (honest) => ({
      put: async (key, body, options) => {
        const content = await buffer(body);
        const { checksums: asked = [] } = options ?? {};
        const checksums = referenceChecksums(content.subarray(0, FIRST_BYTES), asked);
        return { ...(await honest.put(key, bodyOf(content), options)), checksums };
      },
    }),
  ),
  faulty(
    'tells other checksums than it answers',
    'checksums: all algorithms give those of the whole of one byte',
    asking(async (options, content) => options.beforeCommit?.({ ...content, checksums: {} })),
  ),
  faulty(
    'computes checksums in upper case',
    'checksums: all algorithms give those of the whole of one byte',
    (honest) => ({
      put: async (key, body, options) => {
        const result = await honest.put(key, body, options);
        const upper = Object.entries(result.checksums).map(([name, hex]) => [name, hex.toUpperCase()]);
        return { ...result, checksums: Object.fromEntries(upper) as typeof result.checksums };
      },
    }),
  ),
  faulty(
    'computes an md5 that nobody asked for',
    'checksums: nothing is computed that was not asked for',
    (honest) => ({
      put: (key, body, options) =>
        honest.put(key, body, { ...options, checksums: [...(options?.checksums ?? []), 'md5'] }),
    }),
  ),
  faulty(
    'answers every put with the checksums of the latest',
    'checksums: of many puts at once are each those of its own content',
    (honest) => {
      let latest = {};
      return {
        put: async (key, body, options) => {
          const result = await honest.put(key, body, options);
          latest = result.checksums;
          await new Promise((resolve) => setTimeout(resolve, 20));
          return { ...result, checksums: latest };
        },
      };
    },
  ),
  faulty(
    'asks nobody before an object is visible',
    'consent: of 1 KiB is asked once, when every byte has come and nothing is visible',
    asking(() => Promise.resolve()),
  ),
  faulty(
    'asks twice',
    'consent: of 12 MiB is asked once, when every byte has come and nothing is visible',
    asking(async (options, content) => {
      await options.beforeCommit?.(content);
      await options.beforeCommit?.(content);
    }),
  ),
  faulty(
    'asks before it has every byte',
    'consent: of 1 KiB is asked once, when every byte has come and nothing is visible',
    (honest) => ({
      put: async (key, body, options) => {
        await options?.beforeCommit?.({ size: 0, checksums: {} });
        return honest.put(key, body, { ...options, beforeCommit: undefined });
      },
    }),
  ),
  faulty(
    'asks when the object is visible',
    'consent: of 600 KiB is asked once, when every byte has come and nothing is visible',
    askLate,
  ),
  faulty(
    'replaces the object and asks then',
    'consent: while 12 MiB wait for it, the previous object is whole',
    askLate,
  ),
  faulty(
    'calls a refusal its own',
    'consent: refused to 1 KiB leaves nothing behind, and is passed on as it is',
    (honest) => ({
      put: (key, body, options) =>
        honest.put(key, body, options).catch((cause: unknown) => {
          throw new StorageError('Unexpected', 'The caller said no.', { cause });
        }),
    }),
  ),
  faulty(
    'stores what was refused',
    'consent: refused to 12 MiB leaves nothing behind, and is passed on as it is',
    (honest) => ({
      put: async (key, body, options) => {
        const content = await buffer(body);
        try {
          return await honest.put(key, bodyOf(content), options);
        } catch (error) {
          await honest.put(key, bodyOf(content));
          throw error;
        }
      },
    }),
  ),
  faulty(
    'removes the object when it is refused another',
    'consent: refused to 600 KiB leaves the previous object readable',
    removingWhereRefused,
  ),
  faulty('asks for what has failed', 'consent: is not asked where the body fails', (honest) => ({
    put: async (key, body, options) => {
      const content = await buffer(body).catch(() => undefined);
      if (content === undefined) await options?.beforeCommit?.({ size: 0, checksums: {} });
      const failed = Readable.from(failing());
      return honest.put(key, content === undefined ? failed : bodyOf(content), options);
    },
  })),
  faulty(
    'hears no signal once it has asked',
    'consent: a signal that fires while it is asked leaves nothing',
    (honest) => ({
      put: async (key, body, options) => {
        const content = await buffer(body);
        return honest.put(key, bodyOf(content), { ...options, signal: undefined });
      },
    }),
  ),
  faulty(
    'looks at a condition before it asks, and not after',
    'consent: given, a condition is still looked at when the object appears',
    (honest) => ({
      put: (key, body, options) => honest.put(key, body, { ...options, condition: undefined }),
    }),
  ),
  faulty('bars a key that was refused', 'consent: once refused, the same key can be put', (honest) => {
    let isBarred = false;
    return {
      put: async (key, body, options) => {
        if (isBarred) body.destroy();
        return honest.put(key, body, options).catch((error: unknown) => {
          isBarred = true;
          throw error;
        });
      },
    };
  }),
];

type Asking = (
  options: PutOptions,
  content: Parameters<NonNullable<PutOptions['beforeCommit']>>[0],
) => Promise<void>;

/** Stores honestly and asks as it likes. */
function asking(ask: (...facts: Parameters<Asking>) => Promise<void> | undefined) {
  return (honest: StorageProvider): Partial<StorageProvider> => ({
    put: (key, body, options = {}) =>
      honest.put(key, body, { ...options, beforeCommit: async (content) => ask(options, content) }),
  });
}

function askLate(honest: StorageProvider): Partial<StorageProvider> {
  return {
    put: async (key, body, options) => {
      const result = await honest.put(key, body, { ...options, beforeCommit: undefined });
      await options?.beforeCommit?.(result);
      return result;
    },
  };
}

async function* failing(): AsyncGenerator<Buffer> {
  yield Buffer.alloc(0);
  await Promise.reject(new Error('the source failed'));
}
