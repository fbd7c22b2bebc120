import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { objectKey } from '../../../src/storage/contract/object-key.js';
import type { PutOptions } from '../../../src/storage/contract/storage-provider.js';
import { bodyOf, contentOf, failingBody, hangingBody, KIB, MIB, takenFrom } from '../bodies.js';
import type { ConformanceCase, ConformanceContext } from '../conformance-case.js';
import { promptly, putText } from '../expectations.js';
import { HeldMemory } from '../held-memory.js';

const KEY = objectKey('dir/books.parquet');
const MOST_HELD_BYTES = 40 * MIB;
const LONG_BYTES = 96 * MIB;

const SIZES: readonly { name: string; size: number }[] = [
  { name: 'nothing', size: 0 },
  { name: '1 KiB', size: KIB },
  { name: '600 KiB', size: 600 * KIB },
  { name: '12 MiB', size: 12 * MIB },
];

const sizedCases = SIZES.flatMap(({ name, size }): ConformanceCase[] => [
  {
    name: `memory: every byte of ${name} that was stored is released`,
    run: (context) => settleAll(context, bodyOf(contentOf(size)), { checksums: ['md5'] }),
  },
  {
    name: `memory: every byte that was taken of ${name} and a failure is released`,
    run: (context) => settleAll(context, failingBody(contentOf(size), new Error('the source failed'))),
  },
  {
    name: `memory: every byte of ${name} without consent is released`,
    run: (context) =>
      settleAll(context, bodyOf(contentOf(size)), {
        beforeCommit: () => Promise.reject(new Error('no')),
      }),
  },
  {
    name: `memory: every byte that was taken of ${name} and an abort is released`,
    async run(context) {
      const leaving = new AbortController();
      const { body, starved } = hangingBody(contentOf(size));
      void starved.then(() => {
        leaving.abort();
      });
      await settleAll(context, body, { signal: leaving.signal, checksums: ['sha256'] });
    },
  },
]);

export const memoryCases: readonly ConformanceCase[] = [
  ...sizedCases,
  {
    name: 'memory: every byte that was taken is released where the signal fires while it comes',
    async run(context) {
      const leaving = new AbortController();
      const body = bodyOf(contentOf(24 * MIB));
      const taken = takenFrom(body, (bytes) => {
        if (bytes > 11 * MIB)
          queueMicrotask(() => {
            leaving.abort();
          });
      });
      await settleAll(context, body, { signal: leaving.signal }, taken);
    },
  },
  {
    name: 'memory: nothing is released that was not taken where the condition fails from the start',
    async run(context) {
      await putText(context.provider, KEY, 'there');
      await settleAll(context, bodyOf(contentOf(MIB)), { condition: { kind: 'absent' } });
    },
  },
  {
    name: 'memory: when so much is held as a put has wanted, it goes on without another byte',
    async run(context) {
      const memory = new HeldMemory();
      const body = new PassThrough();
      const putting = context.provider.put(KEY, body, { memory, checksums: ['md5'] });
      putting.catch(() => undefined); // told at the end
      try {
        let sent = 0;
        while (sent < 20 * MIB) {
          await setImmediate();
          const held = sent - memory.released;
          const bytes = Math.min(64 * KIB, Math.max(memory.needed, KIB) - held);
          if (bytes > 0) sent += await send(body, contentOf(bytes));
          else await promptly(context, untilItGoesOn(memory, { held, needed: memory.needed }));
        }
      } finally {
        body.end();
        await Promise.allSettled([putting]);
      }
      await putting;
    },
  },
  {
    name: 'memory: of a long body only so much is held at once',
    async run(context) {
      const { provider, mostHeldBytes = MOST_HELD_BYTES } = context;
      const memory = new HeldMemory();
      const body = bodyOf(contentOf(Math.min(LONG_BYTES, provider.capabilities.maxObjectBytes)));
      let most = 0;
      takenFrom(body, (taken) => {
        most = Math.max(most, taken - memory.released + memory.reserved);
      });
      await provider.put(KEY, body, { memory, checksums: ['sha256'] });
      assert.ok(most <= mostHeldBytes, `${String(most)} bytes were held, not ${String(mostHeldBytes)}.`);
    },
  },
];

async function send(body: PassThrough, content: Buffer): Promise<number> {
  if (!body.write(content)) await once(body, 'drain');
  return content.length;
}

/** It wants more than it holds, or gives something back. */
async function untilItGoesOn(
  memory: HeldMemory,
  { held, needed }: { readonly held: number; readonly needed: number },
): Promise<void> {
  const { released } = memory;
  const deadline = Date.now() + 3_000;
  while (memory.released === released && memory.needed <= held) {
    assert.ok(
      Date.now() < deadline,
      `${String(held)} bytes are held, it wanted ${String(needed)}, and waits.`,
    );
    await setTimeout(5);
  }
}

/** However the put ends, it has then given back what it took, and no more. */
async function settleAll(
  context: ConformanceContext,
  body: Readable,
  options: PutOptions = {},
  taken = takenFrom(body),
): Promise<void> {
  const memory = new HeldMemory();
  const putting = context.provider.put(KEY, body, { ...options, memory });
  await promptly({ ...context, patienceMs: 20_000 }, Promise.allSettled([putting]));
  assert.equal(memory.released, taken());
  assert.equal(memory.reserved, 0);
}
