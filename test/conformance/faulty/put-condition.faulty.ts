import { buffer } from 'node:stream/consumers';
import { listedAs } from '../../../src/storage/contract/listed-key.js';
import { StorageError } from '../../../src/storage/contract/storage-error.js';
import type {
  PutCondition,
  PutOptions,
  StorageProvider,
} from '../../../src/storage/contract/storage-provider.js';
import type { ObjectKey } from '../../../src/storage/contract/object-key.js';
import { bodyOf } from '../bodies.js';
import { faulty, type FaultyProvider } from './faulty-provider.js';
import { removingWhereRefused } from './removing-where-refused.js';

/** Faults in the conditions of put. */
export const putConditionFaults: readonly FaultyProvider[] = [
  faulty(
    'ignores conditions',
    'put: the condition of absence fails before the body is read where an object is there',
    (honest) => ({ put: (key, body, options) => honest.put(key, body, without(options)) }),
  ),
  faulty(
    'looks for an object when a put begins and never again',
    'put: 1 KiB on the condition of absence leave an object that comes first',
    onlyAtFirst,
  ),
  faulty(
    'looks for an object when a long put begins and never again',
    'put: 12 MiB on the condition of absence leave an object that comes first',
    onlyAtFirst,
  ),
  faulty(
    'lets every put win that began when there was nothing',
    'put: of many at once of 1 KiB on the condition of absence exactly one is stored',
    onlyAtFirst,
  ),
  faulty(
    'compares the etag when a put begins and never again',
    'put: 1 KiB on the condition of an etag leave an object that changes meanwhile',
    onlyAtFirst,
  ),
  faulty(
    'compares the etag when a long put begins and never again',
    'put: 12 MiB on the condition of an etag leave an object that changes meanwhile',
    onlyAtFirst,
  ),
  faulty(
    'lets every put win that began with the right etag',
    'put: of many at once of 1 KiB on the condition of one etag exactly one is stored',
    onlyAtFirst,
  ),
  faulty(
    'brings back what was removed',
    'put: 1 KiB on the condition of an etag do not bring back an object that is removed meanwhile',
    onlyAtFirst,
  ),
  faulty(
    'reads the whole body before it says no',
    'put: the condition of absence fails before the body is read where an object is there',
    onlyAtLast,
  ),
  faulty(
    'reads the whole body before it compares etags',
    'put: the condition of an etag fails before the body is read where the object has another',
    onlyAtLast,
  ),
  faulty(
    'asks for any object where it is asked for an etag',
    'put: the condition of an etag fails before the body is read where the object has another',
    (honest) => ({
      put: async (key, body, options) => {
        if (options?.condition?.kind !== 'etag') return honest.put(key, body, options);
        return honest.put(key, body, { ...options, condition: await etagNow(honest, key) });
      },
    }),
  ),
  faulty(
    'takes an etag without an object for absence',
    'put: the condition of an etag fails before the body is read where there is no object',
    (honest) => ({
      put: async (key, body, options) => {
        const isThere = await etagNow(honest, key).then(Boolean);
        return honest.put(key, body, isThere ? options : without(options));
      },
    }),
  ),
  faulty(
    'calls an object that is there AlreadyExists',
    'put: the condition of absence fails before the body is read where an object is there',
    (honest) => ({
      put: (key, body, options) =>
        honest.put(key, body, options).catch((error: unknown) => {
          const isUnmet = error instanceof StorageError && error.kind === 'PreconditionFailed';
          throw isUnmet ? new StorageError('AlreadyExists', error.message) : error;
        }),
    }),
  ),
  faulty(
    'calls a failed condition done',
    'put: of many at once of 1 KiB on the condition of absence exactly one is stored',
    (honest) => ({
      put: async (key, body, options) => {
        try {
          return await honest.put(key, body, options);
        } catch (error) {
          if (!(error instanceof StorageError) || error.kind !== 'PreconditionFailed') throw error;
          const { size, etag } = await honest.stat(listedAs(key));
          return { key, size, etag, checksums: {} };
        }
      },
    }),
  ),
  faulty(
    'removes the object that is in the way of a condition',
    'put: 1 KiB on the condition of absence leave an object that comes first',
    removingWhereRefused,
  ),
  faulty(
    'never forgets that there was an object',
    'put: the condition of absence holds again when the object is removed',
    (honest) => {
      const seen = new Set<ObjectKey>();
      return {
        put: (key, body, options) => {
          const isKnown = seen.has(key) && options?.condition?.kind === 'absent';
          seen.add(key);
          if (!isKnown) return honest.put(key, body, options);
          return Promise.reject(new StorageError('PreconditionFailed', 'There was one.'));
        },
      };
    },
  ),
  faulty(
    'takes a neighbour whose name begins alike for the object',
    'put: the condition of absence is about this key, not its neighbours',
    (honest) => ({
      put: async (key, body, options) => {
        if (options?.condition === undefined) return honest.put(key, body, options);
        for await (const [found] of honest.list({ prefix: key, limit: 1 })) {
          if (found !== undefined) throw new StorageError('PreconditionFailed', 'There is something.');
        }
        return honest.put(key, body, options);
      },
    }),
  ),
  faulty(
    'removes the old object as soon as its etag is right',
    'put: a body that fails under a condition leaves what was there',
    (honest) => ({
      put: async (key, body, options) => {
        if (options?.condition?.kind === 'etag') await honest.remove([listedAs(key)]);
        return honest.put(key, body, without(options));
      },
    }),
  ),
];

function without(options: PutOptions | undefined): PutOptions {
  return { ...options, condition: undefined };
}

async function etagNow(honest: StorageProvider, key: ObjectKey): Promise<PutCondition | undefined> {
  try {
    return { kind: 'etag', etag: (await honest.stat(listedAs(key))).etag ?? '' };
  } catch {
    return undefined;
  }
}

function refuseUnlessMet(condition: PutCondition | undefined, now: PutCondition | undefined): void {
  if (condition === undefined) return;
  const isMet =
    condition.kind === 'absent' ? now === undefined : now?.kind === 'etag' && now.etag === condition.etag;
  if (!isMet) throw new StorageError('PreconditionFailed', 'It is not so.');
}

function onlyAtFirst(honest: StorageProvider): Partial<StorageProvider> {
  return {
    put: async (key, body, options) => {
      refuseUnlessMet(options?.condition, await etagNow(honest, key));
      return honest.put(key, body, without(options));
    },
  };
}

function onlyAtLast(honest: StorageProvider): Partial<StorageProvider> {
  return {
    put: async (key, body, options) => honest.put(key, bodyOf(await buffer(body)), options),
  };
}
