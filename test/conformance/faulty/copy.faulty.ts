import { listedAs } from '../../../src/storage/contract/listed-key.js';
import type { ObjectKey } from '../../../src/storage/contract/object-key.js';
import type { ObjectSource } from '../../../src/storage/contract/object-source.js';
import { StorageError } from '../../../src/storage/contract/storage-error.js';
import type {
  CopyOptions,
  PutResult,
  StorageProvider,
} from '../../../src/storage/contract/storage-provider.js';
import { bodyOf } from '../bodies.js';
import { faulty, type FaultyProvider } from './faulty-provider.js';

type Copying = (source: ObjectSource, key: ObjectKey, options?: CopyOptions) => Promise<PutResult>;

/** Faults in copy and move. */
export const copyFaults: readonly FaultyProvider[] = [
  both(
    'forgets a condition',
    'the condition of absence leaves the object that is there, and the source',
    (run) => {
      return (source, key, options) => run(source, key, { ...options, condition: undefined });
    },
  ),
  both(
    'forgets which version was meant',
    'another version of the source is PreconditionFailed, and changes nothing',
    (run) => {
      return (source, key, options) => run(source, key, { ...options, sourceEtag: undefined });
    },
  ),
  both('does not hear its signal', 'a fired signal is Aborted, and changes nothing', (run) => {
    return (source, key, options) => run(source, key, { ...options, signal: undefined });
  }),
  both(
    'asks for consent when all is done',
    'consent is asked once, with the size, while nothing is visible',
    (run) => {
      return async (source, key, options) => {
        const result = await run(source, key, { ...options, beforeCommit: undefined });
        await options?.beforeCommit?.(result);
        return result;
      };
    },
  ),
  both('takes objects of any store', 'an object of another store is Unsupported', (run, honest) => {
    return (source, key, options) => run({ ...honest.source(source.key) }, key, options);
  }),
  both('calls itself a copy of itself', 'onto itself is InvalidKey, and leaves the object', (run, honest) => {
    return async (source, key, options) => {
      if (source.key !== listedAs(key)) return run(source, key, options);
      const { etag, size } = await honest.stat(source.key);
      return { key, etag, size, checksums: {} };
    };
  }),
  both(
    'makes an empty object of a missing one',
    'a missing source is NotFound, and changes nothing',
    (run, honest) => {
      return (source, key, options) =>
        run(source, key, options).catch((error: unknown) => {
          if (!(error instanceof StorageError) || error.kind !== 'NotFound') throw error;
          return honest.put(key, bodyOf(''));
        });
    },
  ),
  both(
    'makes way for the object before it may',
    'the condition of an etag leaves an object that has another, and the source',
    (run, honest) => {
      return async (source, key, options) => {
        await honest.remove([listedAs(key)]);
        return run(source, key, { ...options, condition: undefined });
      };
    },
  ),
  ...['copy', 'move'].map((verb) =>
    faulty(`loses the content type in a ${verb}`, `${verb}: the content type goes along`, (honest) => ({
      [verb]: async (source: ObjectSource, key: ObjectKey, options?: CopyOptions) => {
        await honest.copy(source, key, options);
        return honest.put(key, (await honest.get(listedAs(key))).body);
      },
    })),
  ),
  faulty(
    'moves what it should copy',
    'copy: 1 KiB are under the new name, and stay under the old one',
    (honest) => ({
      copy: (source, key, options) => honest.move(source, key, options),
    }),
  ),
  faulty(
    'copies what it should move',
    'move: 1 KiB are under the new name, and go from the old one',
    (honest) => ({
      move: (source, key, options) => honest.copy(source, key, options),
    }),
  ),
  faulty(
    'removes the source of a move before it may',
    'move: the condition of absence leaves the object that is there, and the source',
    (honest) => ({
      move: async (source, key, options) => {
        const { body } = await honest.get(source.key);
        await honest.remove([source.key]);
        return honest.put(key, body, options);
      },
    }),
  ),
  faulty(
    'cuts long copies',
    'copy: a long object is copied in parts, under a condition and without one',
    (honest) => ({
      copy: async (source, key, options) => {
        const { body } = await honest.get(source.key, { range: { start: 0, end: 64 * 1024 * 1024 - 1 } });
        return honest.put(key, body, options);
      },
    }),
  ),
];

/** The same fault in both operations; one of them is enough for the case to see it. */
function both(
  name: string,
  caughtBy: string,
  corrupt: (run: Copying, honest: StorageProvider) => Copying,
): FaultyProvider {
  return faulty(name, `copy: ${caughtBy}`, (honest) => ({
    copy: corrupt((source, key, options) => honest.copy(source, key, options), honest),
    move: corrupt((source, key, options) => honest.move(source, key, options), honest),
  }));
}
