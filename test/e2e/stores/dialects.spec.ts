import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { S3Operation } from '../../support/permissive-s3/s3-request.mjs';
import { expectError } from '../support/expectations.js';
import { filePart, form } from '../support/form.js';
import { ODD_STAGE, onOddStore } from '../support/odd-store.js';

const MEBIBYTE = 1024 * 1024;

/** For a store that does not answer. */
const HANGING_BRIEFLY = { STORAGE_TIMEOUT_SECONDS: '3' };

describe('a removal', () => {
  onOddStore((scene) => {
    const fill = (count: number): void => {
      for (let index = 0; index < count; index++) scene().s3.store.put(`f/${String(index)}`, '1');
    };
    const remove = (which: string): Promise<Response> =>
      scene().client.send(`/v1/stages/${ODD_STAGE}/files${which}`, { method: 'DELETE' });

    it.each(['/f/0', '?prefix=f/0'])('of one file goes by DeleteObject: %s', async (which) => {
      fill(1);
      expect(await (await remove(which)).json()).toEqual({ removed: 1 });
      const { journal } = scene().s3;
      expect([journal.count('DeleteObject'), journal.count('DeleteObjects')]).toEqual([1, 0]);
    });

    it('of many goes by one request, which bears Content-MD5 and no other checksum', async () => {
      scene().s3.quirks.multiDelete = 'wants-md5';
      fill(1200);
      expect(await (await remove('?prefix=f/')).json()).toEqual({ removed: 1200 });
      const { journal } = scene().s3;
      expect(journal.count('DeleteObject')).toBe(0);
      for (const { headers } of journal.of('DeleteObjects')) {
        expect(headers['content-md5']).toMatch(/^[\w+/]{22}==$/);
        expect(Object.keys(headers).filter((name) => name.includes('checksum'))).toEqual([]);
      }
    });

    it.each([
      ['NotImplemented', 501],
      ['MethodNotAllowed', 405],
      ['InvalidArgument', 400],
      ['MissingContentLength', 411],
    ])('of many goes one by one where it is %s, which is found out once', async (code, status) => {
      scene().s3.quirks.answers = [{ on: 'DeleteObjects', answer: { code, status } }];
      for (let round = 0; round < 2; round++) {
        fill(300);
        expect(await (await remove('?prefix=f/')).json()).toEqual({ removed: 300 });
      }
      const { journal, store } = scene().s3;
      expect(store.size).toBe(0);
      expect([journal.count('DeleteObjects'), journal.count('DeleteObject')]).toEqual([1, 600]);
    });

    it('one by one has at most eight requests on their way', async () => {
      const { s3 } = scene();
      s3.quirks.answers = [
        { on: 'DeleteObjects', answer: { code: 'NotImplemented' } },
        { on: 'DeleteObject', answer: 'hang' },
      ];
      fill(300);
      const removal = remove('?prefix=f/').catch(() => undefined);
      await delay(500);
      expect(s3.journal.count('DeleteObject')).toBe(8);
      s3.quirks.answers = [];
      await removal;
    });

    it.each(['kept', 'missing'] as const)(
      'names the first files that are locked, and why, and counts the others: multi-delete is %s',
      async (multiDelete) => {
        Object.assign(scene().s3.quirks, {
          multiDelete,
          refusesRemoval: (key: string) => /[3-7]$/.test(key),
        });
        fill(10);
        const answer = await remove('?prefix=f/');
        const { error } = await expectError(answer, {
          status: 502,
          code: 4000,
          kind: 'RemovalIncomplete',
          message: /^5 files were removed and 5 could not be\. /,
        });
        for (const key of ['f/3', 'f/4', 'f/5']) expect(error.message).toContain(`"${key}": `);
        expect(error.message).toContain('protected by object lock');
        expect(error.message).toContain('And 2 more.');
        expect(error.message).not.toContain('Try again');
        expect(scene().s3.store.size).toBe(5);
      },
    );
  }, HANGING_BRIEFLY);
});

describe('a move whose old file stays', () => {
  const BUSY = [{ on: 'DeleteObject', answer: { code: 'SlowDown' } }] as const;

  onOddStore((scene) => {
    it.each([
      [{ refusesRemoval: () => true }, { status: 502, code: 3002 }, /protected by object lock/],
      [{ answers: BUSY }, { status: 503, code: 3901 }, /SlowDown/],
    ])('says that both are there, and why: %j', async (quirks, refusal, why) => {
      Object.assign(scene().s3.quirks, quirks);
      scene().s3.store.put('a.csv', 'content');
      const answer = await scene().client.send(`/v1/stages/${ODD_STAGE}/move`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ from: 'a.csv', to: 'b.csv' }),
      });
      const message = /^The file was copied, and stays under its old name too\. /;
      const { error } = await expectError(answer, { ...refusal, message });
      expect(error.message).toMatch(why);
      expect(scene().s3.store.keys().map(String)).toEqual(['a.csv', 'b.csv']);
    });
  });
});

describe('a bucket with Object Lock', () => {
  onOddStore((scene) => {
    const refusals = (operation: S3Operation): number =>
      scene()
        .s3.journal.of(operation)
        .filter(({ status }) => status !== 200).length;

    beforeEach(() => {
      scene().s3.quirks.writesWantDigest = true;
    });

    it.each([
      ['PutObject', 4],
      ['PutObject', 5 * MEBIBYTE],
      ['UploadPart', 25 * MEBIBYTE],
    ] as const)(
      'takes a file by %s of %d bytes, and what it wants is found out once',
      async (operation, size) => {
        const content = Buffer.alloc(size, 'stagedoor');
        for (const name of ['a', 'b', 'c']) {
          const upload = await scene().client.upload(form(filePart(name, content)), {
            stage_name: ODD_STAGE,
          });
          expect(upload.status).toBe(200);
          expect(scene().s3.store.get(name)?.equals(content)).toBe(true);
        }
        // A plain request and one by the SDK, or as many parts as were on their way.
        expect(refusals(operation)).toBeLessThanOrEqual(2);
      },
    );

    it('takes a conditional file', async () => {
      const upload = await scene().client.request(
        `PUT /v1/stages/${ODD_STAGE}/files/new`,
        { 'if-none-match': '*', 'content-length': '3' },
        'new',
      );
      expect(upload.status).toBe(201);
    });

    it('gets the md5 that was computed anyway', async () => {
      await scene().client.upload(form(filePart('a', 'first')), { stage_name: ODD_STAGE });
      scene().s3.journal.clear();
      await scene().client.upload(form(filePart('b', 'second')), { stage_name: ODD_STAGE });
      const [put] = scene().s3.journal.of('PutObject');
      expect(put?.headers['content-md5']).toBe(createHash('md5').update('second').digest('base64'));
    });
  });
});

describe('ETags without quotes', () => {
  onOddStore((scene) => {
    beforeEach(() => {
      scene().s3.quirks.bareEtags = true;
    });

    it.each([4, 20 * MEBIBYTE])('go out quoted, and hold when they come back: %d bytes', async (size) => {
      const { client } = scene();
      const file = `/v1/stages/${ODD_STAGE}/files/f`;
      const put = await client.send(file, { method: 'PUT', body: Buffer.alloc(size) });
      const etag = put.headers.get('etag') ?? '';
      expect(etag).toMatch(/^"[0-9a-f-]{32,}"$/);
      for (const method of ['GET', 'HEAD']) {
        expect((await client.send(file, { method })).headers.get('etag')).toBe(etag);
        const known = await client.send(file, { method, headers: { 'if-none-match': etag } });
        expect(known.status).toBe(304);
      }
      const stale = await client.send(file, { method: 'PUT', body: 'x', headers: { 'if-match': '"stale"' } });
      expect(stale.status).toBe(412);
      const next = await client.send(file, { method: 'PUT', body: 'next', headers: { 'if-match': etag } });
      expect(next.status).toBe(200);
      const old = await client.send(file, { method: 'DELETE', headers: { 'if-match': etag } });
      expect(old.status).toBe(412);
      const newest = next.headers.get('etag') ?? '';
      expect((await client.send(file, { method: 'DELETE', headers: { 'if-match': newest } })).status).toBe(
        200,
      );
    });

    it('are the md5 of a file in a listing', async () => {
      scene().s3.store.put('f', 'content');
      const rows = await scene().sql.rows(`LIST @${ODD_STAGE}`);
      const md5 = createHash('md5').update('content').digest('hex');
      expect(rows.map((row) => row[2])).toEqual([`"${md5}"`]);
    });
  });
});
