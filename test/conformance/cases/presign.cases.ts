import assert from 'node:assert/strict';
import { listedAs } from '../../../src/storage/contract/listed-key.js';
import { objectKey } from '../../../src/storage/contract/object-key.js';
import type {
  PresignedRequest,
  StorageCapabilities,
} from '../../../src/storage/contract/storage-provider.js';
import { contentOf, KIB } from '../bodies.js';
import type { ConformanceCase } from '../conformance-case.js';
import { assertHolds, putText, rejectsWith } from '../expectations.js';

const KEY = objectKey('dir/books.parquet');
const NAMES = [
  'two  spaces/a b.csv',
  `it's/"quoted".csv`,
  'a%20b%2Fc.csv',
  'a+b.csv',
  'c#.csv',
  'what?a=b&c.csv',
  '日本/🎭.csv',
  'dt=2024-01-01/part-0',
  'a;b,c@d!$(e)[f]*:.csv',
];

const canPresign = ({ presign }: StorageCapabilities): boolean => presign;

export const presignCases: readonly ConformanceCase[] = [
  {
    name: 'presign: is Unsupported where the capability says so',
    needs: ({ presign }) => !presign,
    async run(context) {
      const targets = [{ method: 'GET', key: listedAs(KEY) } as const, { method: 'PUT', key: KEY } as const];
      for (const target of targets) {
        const presigning = context.provider.presign(target, { expiresInSeconds: 60 });
        await rejectsWith(context, 'Unsupported', presigning);
      }
    },
  },
  {
    name: 'presign: GET returns the content',
    needs: canPresign,
    async run({ provider }) {
      await putText(provider, KEY, 'content');
      const request = await provider.presign({ method: 'GET', key: listedAs(KEY) }, { expiresInSeconds: 60 });
      assert.equal(request.method, 'GET');
      const answer = await send(request);
      assert.deepEqual([answer.status, await answer.text()], [200, 'content']);
    },
  },
  {
    name: 'presign: GET of an object that does not exist is 404 when it is sent',
    needs: canPresign,
    async run({ provider }) {
      const request = await provider.presign({ method: 'GET', key: listedAs(KEY) }, { expiresInSeconds: 60 });
      const answer = await send(request);
      await answer.arrayBuffer();
      assert.equal(answer.status, 404);
    },
  },
  {
    name: 'presign: PUT stores the body',
    needs: canPresign,
    async run({ provider }) {
      const content = contentOf(300 * KIB);
      const request = await provider.presign({ method: 'PUT', key: KEY }, { expiresInSeconds: 60 });
      assert.equal(request.method, 'PUT');
      await sendContent(request, content);
      await assertHolds(provider, KEY, content);
    },
  },
  {
    name: 'presign: PUT with a content type declares it in its headers',
    needs: canPresign,
    async run({ provider }) {
      const target = { method: 'PUT', key: KEY, contentType: 'text/csv' } as const;
      const request = await provider.presign(target, { expiresInSeconds: 60 });
      assert.equal(new Headers(request.headers).get('content-type'), 'text/csv');
      await sendContent(request, Buffer.from('a,b'));
      await assertHolds(provider, KEY, 'a,b');
      const { contentType } = await provider.stat(listedAs(KEY));
      assert.ok(contentType === null || contentType === 'text/csv', String(contentType));
    },
  },
  {
    name: 'presign: PUT with a content type refuses another',
    needs: canPresign,
    async run(context) {
      const target = { method: 'PUT', key: KEY, contentType: 'text/csv' } as const;
      const request = await context.provider.presign(target, { expiresInSeconds: 60 });
      const headers = { ...request.headers, 'content-type': 'text/html' };
      for (const name of Object.keys(request.headers)) {
        if (name.toLowerCase() === 'content-type') Object.assign(headers, { [name]: 'text/html' });
      }
      const answer = await fetch(request.url, { method: 'PUT', headers, body: 'a,b' });
      await answer.arrayBuffer();
      assert.ok(answer.status >= 400, `It answered ${String(answer.status)}.`);
      await rejectsWith(context, 'NotFound', context.provider.stat(listedAs(KEY)));
    },
  },
  {
    name: 'presign: names that need escaping work for GET and PUT',
    needs: canPresign,
    async run({ provider }) {
      for (const name of NAMES) {
        const key = objectKey(name);
        const put = await provider.presign({ method: 'PUT', key }, { expiresInSeconds: 60 });
        await sendContent(put, Buffer.from(name));
        await assertHolds(provider, key, name);
        const answer = await send(
          await provider.presign({ method: 'GET', key: listedAs(key) }, { expiresInSeconds: 60 }),
        );
        assert.deepEqual([answer.status, await answer.text()], [200, name]);
      }
    },
  },
  {
    name: 'presign: says when the URL expires',
    needs: canPresign,
    async run({ provider }) {
      for (const expiresInSeconds of [60, 3_600]) {
        const expected = Date.now() + expiresInSeconds * 1_000;
        const { expiresAt } = await provider.presign(
          { method: 'GET', key: listedAs(KEY) },
          { expiresInSeconds },
        );
        const awayMs = Math.abs(expiresAt.getTime() - expected);
        assert.ok(awayMs < 5_000, `expiresAt is ${String(awayMs)} ms away.`);
      }
    },
  },
];

async function send(request: PresignedRequest, content?: Buffer): Promise<Response> {
  const { url, method, headers } = request;
  return fetch(url, { method, headers, ...(content === undefined ? {} : { body: new Uint8Array(content) }) });
}

async function sendContent(request: PresignedRequest, content: Buffer): Promise<void> {
  const answer = await send(request, content);
  const text = await answer.text();
  assert.ok(answer.ok, `It answered ${String(answer.status)}: ${text}`);
}
