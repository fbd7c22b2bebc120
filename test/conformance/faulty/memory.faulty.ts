import type { BufferLease } from '../../../src/storage/contract/buffer-lease.js';
import type { StorageProvider } from '../../../src/storage/contract/storage-provider.js';
import { HeldMemory } from '../held-memory.js';
import { faulty, type FaultyProvider } from './faulty-provider.js';

/** Faults in what is held of a body. */
export const memoryFaults: readonly FaultyProvider[] = [
  faulty(
    'releases nothing',
    'memory: every byte of 1 KiB that was stored is released',
    telling(() => ({ release: () => undefined })),
  ),
  faulty(
    'releases everything twice',
    'memory: every byte of 12 MiB that was stored is released',
    telling((memory) => ({
      release: (bytes) => {
        memory.release(bytes);
        memory.release(bytes);
      },
    })),
  ),
  faulty(
    'releases what it has stored, and nothing of a failed body',
    'memory: every byte that was taken of 12 MiB and a failure is released',
    atTheEnd((isStored) => isStored),
  ),
  faulty(
    'releases what it has stored, and nothing of what was refused',
    'memory: every byte of 600 KiB without consent is released',
    atTheEnd((isStored) => isStored),
  ),
  faulty(
    'releases what it has stored, and nothing after an abort',
    'memory: every byte that was taken of 1 KiB and an abort is released',
    atTheEnd((isStored) => isStored),
  ),
  faulty(
    'forgets what it held when the signal fires',
    'memory: every byte that was taken is released where the signal fires while it comes',
    (honest) => ({
      put: (key, body, options) => {
        const { memory, signal } = options ?? {};
        const release = (bytes: number): void => {
          if (signal?.aborted !== true && bytes > 0) memory?.release(bytes - 1);
        };
        return honest.put(key, body, { ...options, memory: withFaults({ release }) });
      },
    }),
  ),
  faulty(
    'releases what it has never taken',
    'memory: nothing is released that was not taken where the condition fails from the start',
    (honest) => ({
      put: (key, body, options) =>
        honest.put(key, body, options).catch((error: unknown) => {
          options?.memory?.release(1024);
          throw error;
        }),
    }),
  ),
  faulty(
    'wants less than it needs',
    'memory: when so much is held as a put has wanted, it goes on without another byte',
    (honest) => ({
      put: (key, body, options) => {
        const { memory } = options ?? {};
        memory?.needs(256 * 1024);
        let held = 0;
        const release = (bytes: number): void => {
          held += bytes;
          if (held <= 256 * 1024) return;
          memory?.release(held);
          held = 0;
        };
        return honest.put(key, body, { ...options, memory: withFaults({ release }) });
      },
    }),
  ),
  faulty(
    'keeps a part buffer that it has reserved',
    'memory: every byte of 12 MiB that was stored is released',
    (honest) => ({
      put: async (key, body, options) => {
        const reserving = { signal: new AbortController().signal, onRecall: () => undefined };
        await options?.memory?.reserve(1024, reserving);
        return honest.put(key, body, options);
      },
    }),
  ),
  faulty(
    'holds a whole body until it is stored',
    'memory: of a long body only so much is held at once',
    atTheEnd(() => true),
  ),
];

/** It grants whatever is asked for, and tells nobody. */
function withFaults(faults: Partial<BufferLease>): BufferLease {
  return Object.assign(new HeldMemory(), faults);
}

function telling(faults: (memory: BufferLease) => Partial<BufferLease>) {
  return (honest: StorageProvider): Partial<StorageProvider> => ({
    put: (key, body, options) => {
      const memory = options?.memory;
      if (memory === undefined) return honest.put(key, body, options);
      const told: BufferLease = {
        needs: (bytes) => {
          memory.needs(bytes);
        },
        reserve: (bytes, reserving) => memory.reserve(bytes, reserving),
        release: (bytes) => {
          memory.release(bytes);
        },
        retake: (bytes) => {
          memory.retake(bytes);
        },
        ...faults(memory),
      };
      return honest.put(key, body, { ...options, memory: told });
    },
  });
}

function atTheEnd(isReleased: (isStored: boolean) => boolean) {
  return (honest: StorageProvider): Partial<StorageProvider> => ({
    put: async (key, body, options) => {
      let held = 0;
      let isStored = false;
      const memory = withFaults({ release: (bytes) => void (held += bytes) });
      try {
        const result = await honest.put(key, body, { ...options, memory });
        isStored = true;
        return result;
      } finally {
        if (isReleased(isStored)) options?.memory?.release(held);
      }
    },
  });
}
