import type { AnswerRule, SpoiledAnswer } from '../../support/permissive-s3/quirks.mjs';
import type { S3Operation } from '../../support/permissive-s3/s3-request.mjs';
import { expectError } from '../support/expectations.js';
import { filePart, form } from '../support/form.js';
import { ODD_STAGE, onOddStore, type OddStore } from '../support/odd-store.js';

const MEBIBYTE = 1024 * 1024;
const WEB_PAGE = '<!DOCTYPE html>\n<html><body>Sign in</body></html>\n';
const XML = { 'content-type': 'application/xml' };
const NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
const listing = (about: string, keys: readonly string[] = []): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult ${NAMESPACE}>${about}${keys.map(entry).join('')}</ListBucketResult>`;
const entry = (key: string): string =>
  `<Contents><Key>${key}</Key><LastModified>2026-11-25T10:20:30.000Z</LastModified><ETag>"a"</ETag><Size>1</Size></Contents>`;
const END = '<IsTruncated>false</IsTruncated>';
const answer = (body: string, headers: Readonly<Record<string, string>> = XML): SpoiledAnswer => ({
  body,
  headers,
});

const named = (bucket: string, key: string): string => `<Bucket>${bucket}</Bucket><Key>${key}</Key>`;
const created = (bucket: string, key: string): SpoiledAnswer =>
  answer(
    `<InitiateMultipartUploadResult>${named(bucket, key)}<UploadId>u</UploadId></InitiateMultipartUploadResult>`,
  );
const completed = (bucket: string, key: string): SpoiledAnswer =>
  answer(
    `<CompleteMultipartUploadResult>${named(bucket, key)}<ETag>"a-3"</ETag></CompleteMultipartUploadResult>`,
  );

/** Whatever a store says that is no answer to what it was asked. */
const STRANGE: readonly (readonly [string, SpoiledAnswer])[] = [
  ['a web page', 'html'],
  ['a web page without its type', answer(WEB_PAGE, {})],
  ['nothing', 'nothing'],
  ['JSON', answer('{"ok":true}', { 'content-type': 'application/json' })],
  ['other XML', answer(`<ListAllMyBucketsResult ${NAMESPACE}></ListAllMyBucketsResult>`)],
  [
    'a part of its answer',
    answer(`<?xml version="1.0"?><ListBucketResult ${NAMESPACE}><Name>permissive</Name>`),
  ],
];
/** As web servers send a page under every path. Only what numbers its requests is known to be a store. */
const page = (type: string, body = WEB_PAGE): SpoiledAnswer => ({
  body,
  headers: {
    'content-type': type,
    'content-length': String(body.length),
    etag: 'W/"33-1dba2"',
    'last-modified': new Date(0).toUTCString(),
    'x-amz-request-id': '',
  },
});
const STRANGE_LISTINGS: readonly (readonly [string, string])[] = [
  ['another bucket', listing(`<Name>other</Name><Prefix></Prefix>${END}`)],
  ['another bucket, with such names as were asked for', listing(`<Name>other</Name>${END}`, ['a/b'])],
  ['another prefix', listing(`<Name>permissive</Name><Prefix>b/</Prefix>${END}`)],
  ['names that were not asked for', listing(`<Name>permissive</Name>${END}`, ['b/c'])],
  ['names in no order', listing(`<Name>permissive</Name>${END}`, ['a/c', 'a/b'])],
  ['nothing of no bucket', listing('')],
  ['fewer names than it says', listing(`<Name>permissive</Name><KeyCount>3</KeyCount>${END}`, ['a/b'])],
  ['more, and not where', listing('<Name>permissive</Name><IsTruncated>true</IsTruncated>', ['a/b'])],
];

describe('a store that answers something else', () => {
  onOddStore((scene) => {
    const spoil = (on: S3Operation | readonly S3Operation[], spoiled: SpoiledAnswer): void => {
      scene().s3.quirks.answers = [{ on, answer: spoiled } satisfies AnswerRule];
    };

    beforeEach(() => {
      for (const name of ['a/b', 'a/c', 'd']) scene().s3.store.put(name, 'content');
    });

    it.each(STRANGE)(
      'to a listing, %s: an error that names stage, bucket and endpoint',
      async (_what, spoiled) => {
        spoil('ListObjectsV2', spoiled);
        await expectStoreError(scene(), await listed(scene()));
        const { message } = await scene().sql.failure(`LIST @${ODD_STAGE}`);
        expect(message).toContain(`Stage ${ODD_STAGE}: `);
        expect(message).toContain(`Bucket permissive at ${scene().s3.endpoint}`);
      },
    );

    it.each(STRANGE_LISTINGS)('lists %s: an error', async (_what, body) => {
      spoil('ListObjectsV2', answer(body));
      await expectStoreError(scene(), await listed(scene(), '?prefix=a/'));
    });

    it.each(STRANGE)('to a removal of one, %s: nothing is said to be removed', async (_what, spoiled) => {
      spoil('DeleteObject', spoiled);
      await expectStoreError(scene(), await removed(scene(), '/d'));
      expect(scene().s3.store.get('d')).toBeDefined();
    });

    it.each(STRANGE)('to a removal of many, %s: nothing is said to be removed', async (_what, spoiled) => {
      spoil('DeleteObjects', spoiled);
      await expectStoreError(scene(), await removed(scene(), '?prefix=a/'));
      expect(scene().s3.store.size).toBe(3);
    });

    it('that names one of two removed keys leaves the other one to be told', async () => {
      const one = '<DeleteResult><Deleted><Key>a/b</Key></Deleted></DeleteResult>';
      spoil('DeleteObjects', answer(one));
      await expectError(await removed(scene(), '?prefix=a/'), {
        status: 502,
        code: 4000,
        kind: 'RemovalIncomplete',
        message:
          /^1 files were removed and 1 could not be\. "a\/c": Stage odd: The store's answer does not say what became of it\./,
      });
    });

    it.each([
      ['PutObject', 4, 'html'],
      ['PutObject', 4, 'nothing'],
      ['PutObject', 4, { body: '', status: 201, headers: { etag: '"a"' } }],
      ['CreateMultipartUpload', 20 * MEBIBYTE, 'html'],
      ['UploadPart', 20 * MEBIBYTE, 'html'],
      ['CompleteMultipartUpload', 20 * MEBIBYTE, 'html'],
      ['CompleteMultipartUpload', 20 * MEBIBYTE, 'nothing'],
      ['CompleteMultipartUpload', 20 * MEBIBYTE, { code: 'AccessDenied', status: 200 }],
      ['CreateMultipartUpload', 20 * MEBIBYTE, created('permissive', 'other')],
      ['CreateMultipartUpload', 20 * MEBIBYTE, created('other', 'new')],
      ['CompleteMultipartUpload', 20 * MEBIBYTE, completed('permissive', 'other')],
      ['CompleteMultipartUpload', 20 * MEBIBYTE, completed('other', 'new')],
    ] as const)('to %s of a file of %d bytes, %j: never SUCCESS', async (operation, size, spoiled) => {
      spoil(operation, spoiled);
      const upload = await scene().client.upload(form(filePart('new', Buffer.alloc(size))), {
        stage_name: ODD_STAGE,
      });
      expect(upload.status).toBeGreaterThanOrEqual(502);
      expect(upload.body.toString()).toMatch(/Stage odd: .*Bucket permissive at http:/);
    });

    it.each([
      ['no length', { body: '', headers: { etag: '"a"', 'last-modified': new Date(0).toUTCString() } }],
      ['a web page', 'html'],
      ['nothing', 'nothing'],
    ] as const)('to a look at a file, %s: an error', async (_what, spoiled) => {
      spoil('HeadObject', spoiled);
      const head = await scene().client.request(`HEAD /v1/stages/${ODD_STAGE}/files/d`);
      expect(head.status).toBe(502);
    });

    it.each([['GET'], ['HEAD'], ['DELETE']])(
      'with one page under every name, to %s: an error',
      async (method) => {
        for (const type of ['text/html; charset=utf-8', 'application/json']) {
          scene().s3.quirks.answers = [{ answer: page(type) }];
          const answered = await scene().client.send(`/v1/stages/${ODD_STAGE}/files/d`, { method });
          expect(answered.status).toBe(502);
          expect(answered.headers.get('etag')).toBeNull();
        }
      },
    );

    it.each(['skip', 'skip-if-same', 'overwrite', 'fail'])(
      'with one page under every name, to an upload with the policy %s: never SUCCESS',
      async (policy) => {
        for (const [type, body] of [
          ['text/html'],
          ['text/plain'],
          ['application/json', '{"ok":true}'],
        ] as const) {
          scene().s3.quirks.answers = [
            { on: 'PutObject', answer: page(type, body) },
            { answer: page('text/html') },
          ];
          const headers = { 'x-stagedoor-overwrite': policy };
          const put = { method: 'PUT', body: 'new', headers };
          const answered = await scene().client.send(`/v1/stages/${ODD_STAGE}/files/n`, put);
          expect(answered.status).toBe(502);
        }
      },
    );

    it('but a page that is a file of a store without request ids comes, and its store is asked once', async () => {
      const { s3, client } = scene();
      s3.quirks.answers = [{ on: ['GetObject', 'HeadObject'], key: 'd', answer: page('text/html') }];
      for (let round = 0; round < 3; round++) {
        const got = await client.send(`/v1/stages/${ODD_STAGE}/files/d`);
        expect([got.status, await got.text()]).toEqual([200, WEB_PAGE]);
      }
      expect(s3.journal.count('HeadObject')).toBe(1);
    });

    it.each(['', '404 page not found'])('to a removal, 404 with %j: an error', async (body) => {
      spoil('DeleteObject', { body, status: 404 });
      for (const which of ['/d', '?prefix=d']) expect((await removed(scene(), which)).status).toBe(502);
      expect(scene().s3.store.get('d')).toBeDefined();
    });

    it.each([
      ['all of it', 200, 'bytes 0-6/7', '7'],
      ['another range', 206, 'bytes 2-4/7', '3'],
      ['less than it says', 206, 'bytes 1-3/7', '2'],
      ['a page', 200, '', '5'],
    ])('to a range, %s: an error', async (_what, status, contentRange, length) => {
      const headers = {
        etag: '"a"',
        'last-modified': new Date(0).toUTCString(),
        'content-length': length,
        ...(contentRange === '' ? {} : { 'content-range': contentRange }),
      };
      spoil('GetObject', { body: 'content'.slice(0, Number(length)), status, headers });
      const got = await scene().client.send(`/v1/stages/${ODD_STAGE}/files/d`, {
        headers: { range: 'bytes=1-3' },
      });
      await expectStoreError(scene(), got);
    });

    it('where it ends an object early, the download breaks off', async () => {
      spoil('GetObject', 'cut');
      const got = await scene().client.send(`/v1/stages/${ODD_STAGE}/files/d`);
      await expect(got.text()).rejects.toThrow();
    });
  });
});

describe('a listing that does not end', () => {
  onOddStore((scene) => {
    beforeEach(() => {
      for (let index = 0; index < 1500; index++)
        scene().s3.store.put(`f${String(index).padStart(4, '0')}`, '1');
    });

    it.each([
      ['says that more follows, and not where', { continuationTokens: 'missing' }, '?limit=1500'],
      ['has empty pages for ever', { emptyPages: Infinity }, ''],
    ] as const)('of a store that %s is an error', async (_what, quirks, query) => {
      Object.assign(scene().s3.quirks, quirks);
      await expectStoreError(scene(), await listed(scene(), query));
    });

    it('of a store that ignores where to begin is an error, where no token says it', async () => {
      const { next_cursor: cursor } = await scene().client.page(ODD_STAGE, '?limit=10&pattern=.*');
      const rest = `?limit=10&pattern=.*&cursor=${String(cursor)}`;
      await scene().client.page(ODD_STAGE, rest); // takes the listing that was left open
      scene().s3.quirks.startAfterIgnored = true;
      await expectStoreError(scene(), await listed(scene(), rest));
    });

    it('of a store that goes on at the same place for ever breaks off, and does not look whole', async () => {
      scene().s3.quirks.continuationTokens = 'repeated';
      const answered = await listed(scene(), '?limit=1500');
      await expect(answered.text()).rejects.toThrow();
      expect(scene().s3.journal.count('ListObjectsV2')).toBeLessThan(5);
    });

    it('by one empty page after the other ends', async () => {
      scene().s3.quirks.emptyPages = 50;
      expect(await scene().client.names(ODD_STAGE, '?limit=2000')).toHaveLength(1500);
    });

    it('is of nothing else where case is folded', async () => {
      scene().s3.quirks.foldsCase = true;
      expect(await scene().client.names(ODD_STAGE, '?prefix=F')).toEqual([]);
    });
  });
});

function listed({ client }: OddStore, query = ''): Promise<Response> {
  return client.send(`/v1/stages/${ODD_STAGE}/files${query}`);
}

function removed({ client }: OddStore, which: string): Promise<Response> {
  return client.send(`/v1/stages/${ODD_STAGE}/files${which}`, { method: 'DELETE' });
}

async function expectStoreError({ s3 }: OddStore, answered: Response): Promise<void> {
  expect(answered.status).toBe(502);
  expect(answered.headers.get('retry-after')).toBeNull();
  const text = await answered.text();
  expect(text).toContain(`Stage ${ODD_STAGE}: `);
  expect(text).toContain(`Bucket permissive at ${s3.endpoint}`);
}
