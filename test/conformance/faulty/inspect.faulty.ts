import { objectKey } from '../../../src/storage/contract/object-key.js';
import { StorageError } from '../../../src/storage/contract/storage-error.js';
import type { StoreFinding } from '../../../src/storage/contract/storage-provider.js';
import { bodyOf } from '../bodies.js';
import { faulty, type FaultyProvider } from './faulty-provider.js';

const WELL: readonly StoreFinding[] = [{ check: 'objects', ok: true }];
const CHANGES_NOTHING = 'inspect: changes nothing, neither objects nor their number';
const SAYS_WHY = 'inspect: resolves to findings, each that is not well with a reason and an advice';

/** Those that break a promise of `inspect`. */
export const inspectFaults: readonly FaultyProvider[] = [
  faulty('removes what it inspects', CHANGES_NOTHING, (honest) => ({
    inspect: async () => {
      for await (const batch of honest.list()) await honest.remove(batch.map(({ key }) => key));
      return WELL;
    },
  })),
  faulty('writes over an object to see whether it can', CHANGES_NOTHING, (honest) => ({
    inspect: async () => {
      await honest.put(objectKey('a.csv'), bodyOf('written by the inspection'));
      return WELL;
    },
  })),
  faulty(
    'leaves what it has tried an empty store with',
    'inspect: of an empty root makes nothing',
    (honest) => ({
      inspect: async () => {
        await honest.put(objectKey('inspection.txt'), bodyOf('tried'));
        return WELL;
      },
    }),
  ),
  faulty('rejects where something is not well', SAYS_WHY, () => ({
    inspect: () => Promise.reject(new StorageError('Unavailable', 'The store is not there.')),
  })),
  faulty('says that something is not well, and not why', SAYS_WHY, () => ({
    inspect: () => Promise.resolve([{ check: 'clock', ok: false, advice: 'Set the clock.' }]),
  })),
  faulty('says why something is not well, and not what to do', SAYS_WHY, () => ({
    inspect: () => Promise.resolve([{ check: 'clock', ok: false, reason: 'The clock is wrong.' }]),
  })),
  faulty('is well, and ends the check', SAYS_WHY, () => ({
    inspect: () => Promise.resolve([{ check: 'clock', ok: true, endsCheck: true }]),
  })),
];
