import assert from 'node:assert/strict';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { listedAs, listedKey } from '../../../src/storage/contract/listed-key.js';
import { objectKey } from '../../../src/storage/contract/object-key.js';
import { bodyOf, contentOf, hangingBody, KIB, MIB } from '../bodies.js';
import type { ConformanceCase, ConformanceContext } from '../conformance-case.js';
import {
  assertHolds,
  assertOnlyHolds,
  listAll,
  listedKeys,
  putAll,
  putText,
  readAll,
  rejectsWith,
} from '../expectations.js';

const KEY = objectKey('dir/books.parquet');
const PREVIOUS = contentOf(9 * MIB, 9);

const MOMENTS: readonly { name: string; size: number }[] = [
  { name: 'before the first byte', size: 0 },
  { name: 'after 1 KiB', size: KIB },
  { name: 'after 12 MiB', size: 12 * MIB },
];

const putAbortCases = MOMENTS.flatMap(({ name, size }): ConformanceCase[] => [
  {
    name: `abort: a put that is aborted ${name} leaves nothing behind`,
    run: (context) => abortAfter(context, size, undefined),
  },
  {
    name: `abort: a put that is aborted ${name} leaves the previous object readable`,
    run: (context) => abortAfter(context, size, PREVIOUS),
  },
]);

export const abortCases: readonly ConformanceCase[] = [
  ...putAbortCases,
  {
    name: 'abort: a put with a fired signal does not begin',
    async run(context) {
      const body = bodyOf('content');
      await rejectsWith(context, 'Aborted', context.provider.put(KEY, body, { signal: fired() }));
      assert.ok(body.destroyed, 'The body must be destroyed.');
      await assertOnlyHolds(context, KEY, undefined);
    },
  },
  {
    name: 'abort: get and stat with a fired signal are Aborted',
    async run(context) {
      const { provider } = context;
      await putText(provider, KEY, 'content');
      await rejectsWith(context, 'Aborted', provider.get(listedAs(KEY), { signal: fired() }));
      await rejectsWith(context, 'Aborted', provider.stat(listedAs(KEY), { signal: fired() }));
      await assertHolds(provider, KEY, 'content');
    },
  },
  {
    name: 'abort: list with a fired signal is Aborted when it is read',
    async run(context) {
      const { provider } = context;
      await rejectsWith(context, 'Aborted', listAll(provider, { signal: fired() }));
      await putText(provider, KEY, 'content');
      await rejectsWith(context, 'Aborted', listAll(provider, { signal: fired() }));
    },
  },
  {
    name: 'abort: remove with a fired signal removes nothing',
    async run(context) {
      const { provider } = context;
      await putText(provider, KEY, 'content');
      await rejectsWith(context, 'Aborted', provider.remove([listedAs(KEY)], { signal: fired() }));
      await assertHolds(provider, KEY, 'content');
    },
  },
  {
    name: 'abort: presign with a fired signal is Aborted',
    needs: ({ presign }) => presign,
    async run(context) {
      const options = { expiresInSeconds: 60, signal: fired() };
      const presigning = context.provider.presign({ method: 'GET', key: listedAs(KEY) }, options);
      await rejectsWith(context, 'Aborted', presigning);
    },
  },
  {
    name: 'abort: a body that is being read fails as Aborted',
    async run(context) {
      const { provider } = context;
      await provider.put(KEY, bodyOf(contentOf(20 * MIB)));
      const leaving = new AbortController();
      const { body } = await provider.get(listedAs(KEY), { signal: leaving.signal });
      const reading = async (): Promise<void> => {
        for await (const chunk of body) {
          assert.ok(chunk !== undefined);
          leaving.abort(new Error('the client left'));
          await setImmediate();
        }
      };
      await rejectsWith(context, 'Aborted', reading());
      assert.ok(body.destroyed);
    },
  },
  {
    name: 'abort: a signal that fires before the body is read does no harm to others',
    async run(context) {
      const { provider } = context;
      await provider.put(KEY, bodyOf(contentOf(20 * MIB)));
      const leaving = new AbortController();
      const { body } = await provider.get(listedAs(KEY), { signal: leaving.signal });
      leaving.abort(new Error('the client left'));
      await setTimeout(50);
      await rejectsWith(context, 'Aborted', readAll(body));
      await assertHolds(provider, KEY, contentOf(20 * MIB));
    },
  },
  {
    name: 'abort: a remove that is aborted meanwhile is Aborted or has done it all',
    async run(context) {
      const { provider } = context;
      const keys = Array.from({ length: 300 }, (_, i) => `dir/${String(i)}`);
      await putAll(provider, keys);
      const leaving = new AbortController();
      const removing = provider.remove(keys.map(listedKey), { signal: leaving.signal });
      await setImmediate();
      leaving.abort(new Error('the client left'));
      const [outcome] = await Promise.allSettled([removing]);
      if (outcome.status === 'rejected') await rejectsWith(context, 'Aborted', removing);
      else assert.deepEqual(await listedKeys(provider), []);
    },
  },
  {
    name: 'abort: a signal that fires after the end changes nothing',
    async run({ provider }) {
      const leaving = new AbortController();
      const { signal } = leaving;
      const content = contentOf(9 * MIB);
      await provider.put(KEY, bodyOf(content), { signal });
      await readAll((await provider.get(listedAs(KEY), { signal })).body);
      await provider.stat(listedAs(KEY), { signal });
      await listAll(provider, { signal });
      await provider.remove([listedKey('other')], { signal });
      leaving.abort(new Error('the client left'));
      await setTimeout(20);
      await assertHolds(provider, KEY, content);
    },
  },
];

function fired(): AbortSignal {
  return AbortSignal.abort(new Error('the client left'));
}

/** The body hangs in its middle, as that of a stalled client: only the signal can end the put. */
async function abortAfter(
  context: ConformanceContext,
  size: number,
  previous: Buffer | undefined,
): Promise<void> {
  const { provider } = context;
  if (previous !== undefined) await provider.put(KEY, bodyOf(previous));
  const { body, starved } = hangingBody(contentOf(size));
  const leaving = new AbortController();
  const putting = provider.put(KEY, body, { signal: leaving.signal });
  await Promise.race([starved, putting]);
  await setTimeout(20);
  leaving.abort(new Error('the client left'));
  await rejectsWith(context, 'Aborted', putting);
  assert.ok(body.destroyed, 'The body must be destroyed.');
  await assertOnlyHolds(context, KEY, previous);
}
