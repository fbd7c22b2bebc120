import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { listedAs } from '../../../src/storage/contract/listed-key.js';
import type { Orphan } from '../../../src/storage/contract/orphan.js';
import type { ObjectKey } from '../../../src/storage/contract/object-key.js';
import { StorageError } from '../../../src/storage/contract/storage-error.js';
import type {
  PutOptions,
  PutResult,
  StorageProvider,
} from '../../../src/storage/contract/storage-provider.js';
import { delegateTo, type FaultyProvider } from './faulty-provider.js';

/** What a store holds of puts on their way, and whose each is. */
type Unfinished = Map<string, ObjectKey>;

interface Steps {
  readonly honest: StorageProvider;
  readonly unfinished: Unfinished;
  readonly key: ObjectKey;
  readonly options: PutOptions;
  readonly id: string;
  readonly make: () => void;
  readonly note: (more?: Partial<Orphan>) => Promise<void>;
}

interface Faults {
  /** Before the object is stored: by rights a note, and then something that is made. */
  readonly begin?: (steps: Steps) => Promise<void>;
  readonly end?: (steps: Steps, isStored: boolean) => void;
  readonly removeOrphan?: (orphan: Orphan, of: Pick<Steps, 'honest' | 'unfinished'>) => Promise<void>;
}

/** Faults in what is noted of orphans, and in how they are removed. */
export const orphanFaults: readonly FaultyProvider[] = [
  noting('makes something and notes it then', 'orphans: nothing of 1 KiB is made before it is noted', {
    begin: async ({ make, note }) => {
      make();
      await note();
    },
  }),
  noting('notes and does not wait', 'orphans: nothing of 12 MiB is made before it is noted', {
    begin: ({ make, note }) => {
      void note();
      make();
      return Promise.resolve();
    },
  }),
  noting('notes nothing', 'orphans: what is there of 12 MiB on their way is noted', {
    begin: ({ make }) => {
      make();
      return Promise.resolve();
    },
  }),
  noting(
    'goes on where a note is refused',
    'orphans: a note of 1 KiB that is refused leaves nothing, and is passed on as it is',
    {
      begin: async ({ make, note }) =>
        note()
          .catch(() => undefined)
          .then(make),
    },
  ),
  noting(
    'calls the refusal of a note its own',
    'orphans: a note of 12 MiB that is refused leaves nothing, and is passed on as it is',
    {
      begin: async ({ make, note }) => {
        await note().catch((cause: unknown) => {
          throw new StorageError('Unavailable', 'It could not be noted.', { cause });
        });
        make();
      },
    },
  ),
  noting(
    'leaves what it has made when its second note is refused',
    'orphans: a note of 12 MiB that is refused leaves nothing, and is passed on as it is',
    {
      begin: async ({ make, note }) => {
        await note();
        make();
        await note({ uploadId: 'known' });
      },
      end: ({ unfinished, id }, isStored) => {
        if (isStored) unfinished.delete(id);
      },
    },
  ),
  noting(
    'removes the previous object before it notes',
    'orphans: a note of 1 KiB that is refused leaves the previous object readable',
    {
      begin: async ({ honest, key, make, note }) => {
        await honest.remove([listedAs(key)]);
        await note();
        make();
      },
    },
  ),
  noting('removes no orphans', 'orphans: those of 1 KiB whose process died are removed by another one', {
    removeOrphan: () => Promise.resolve(),
  }),
  noting(
    'cannot remove what is gone',
    'orphans: those of 12 MiB whose process died are removed by another one',
    {
      removeOrphan: ({ id = '' }, { unfinished }) =>
        unfinished.delete(id)
          ? Promise.resolve()
          : Promise.reject(new StorageError('NotFound', 'There is no such upload.')),
    },
  ),
  noting(
    'removes the object with its orphans',
    'orphans: those of 12 MiB are removed, and the previous object stays',
    { removeOrphan: removeWithObject },
  ),
  noting(
    'takes an object that has appeared for a orphan',
    'orphans: removing those of 1 KiB leaves the object that has appeared',
    { removeOrphan: removeWithObject },
  ),
  noting(
    'removes all orphans of the key',
    'orphans: those of one put are removed, and another put of the key goes on',
    {
      removeOrphan: ({ key }, { unfinished }) => {
        for (const [id, owner] of unfinished) if (owner === key) unfinished.delete(id);
        return Promise.resolve();
      },
    },
  ),
  noting(
    'keeps a note of what it has cleaned up',
    'orphans: a put of 12 MiB that fails and cleans up keeps none',
    {
      end: ({ unfinished, id, options }) => {
        unfinished.delete(id);
        options.cleanupLog?.retain();
      },
    },
  ),
  noting('notes a key of its own', 'orphans: a note says its key as the store knows it', {
    begin: async ({ make, note, id }) => {
      await note({ key: id });
      make();
    },
  }),
];

/** A provider whose store holds something of each put on its way. */
function noting(name: string, caughtBy: string, faults: Faults): FaultyProvider {
  return {
    name,
    caughtBy,
    corrupt: (honest) => {
      const unfinished: Unfinished = new Map();
      const remove = faults.removeOrphan ?? removeHonestly;
      return {
        orphans: (key) =>
          Promise.resolve([...unfinished].filter(([, owner]) => owner === key).map(([id]) => id)),
        provider: {
          ...delegateTo(honest),
          put: (key, body, options = {}) => put(stepsOf({ honest, unfinished, key, options }), body, faults),
          removeOrphan: (orphan) => remove(orphan, { honest, unfinished }),
        },
      };
    },
  };
}

function stepsOf(of: Pick<Steps, 'honest' | 'unfinished' | 'key' | 'options'>): Steps {
  const { unfinished, key, options } = of;
  const id = randomUUID();
  return {
    ...of,
    id,
    make: () => void unfinished.set(id, key),
    note: async (more) => options.cleanupLog?.record({ key, id, ...more }),
  };
}

async function put(steps: Steps, body: Readable, faults: Faults): Promise<PutResult> {
  const { honest, unfinished, key, options, id, make, note } = steps;
  const begin = faults.begin ?? (() => note().then(make));
  const end = faults.end ?? (() => void unfinished.delete(id));
  let isStored = false;
  try {
    await begin(steps);
    const result = await honest.put(key, body, options);
    isStored = true;
    return result;
  } finally {
    body.destroy();
    end(steps, isStored);
  }
}

function removeHonestly({ id = '' }: Orphan, { unfinished }: Pick<Steps, 'unfinished'>): Promise<void> {
  unfinished.delete(id);
  return Promise.resolve();
}

async function removeWithObject(
  { id = '', key }: Orphan,
  { honest, unfinished }: Pick<Steps, 'honest' | 'unfinished'>,
): Promise<void> {
  unfinished.delete(id);
  await honest.remove([listedAs(key as ObjectKey)]); // the store's own name of it
}
