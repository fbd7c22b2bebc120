import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from '../support/client.js';
import { base64Digest, hexMd5 } from '../support/digests.js';
import { expectError } from '../support/expectations.js';
import { filePart, form } from '../support/form.js';
import { connectionTo } from '../support/minio.js';
import type { RawAnswer } from '../support/raw-connection.js';
import { onEachStore } from '../support/stores.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { send, uploadIdOf, uploadStatus, WAYS, type Way } from '../support/uploads.js';

const NAME = 'f';
const OLD = 'the old content';
/** As long as the old one. */
const NEW = 'the new content';
const MEBIBYTE = 1024 ** 2;
const IS_THERE = { status: 412, code: 2504, message: /is there already: nothing was changed/ };
/** A client that waits for 100 Continue shows whether its body was asked for. */
const UNREAD = { expect: '100-continue', 'content-length': String(40 * 1024 ** 3) };

onEachStore('an upload where a file of its name is there', (scene) => {
  const stage = (): string => scene().store.stage;
  const sendAs = (way: Way, policy: string, content: Buffer | string = NEW): Promise<RawAnswer> => {
    const headers: Record<string, string> = policy === '' ? {} : { 'x-stagedoor-overwrite': policy };
    return send(way, scene().client, { stage: stage(), name: NAME, content, headers });
  };
  const content = (): Promise<string | undefined> => scene().client.content(stage(), NAME);
  const outcomes = async (answer: RawAnswer): Promise<unknown> => {
    const { state, files } = await uploadStatus(scene().client, uploadIdOf(answer));
    return [
      state,
      ...files.map(({ name, path, size, md5, outcome }) => ({ name, path, size, md5, outcome })),
    ];
  };
  const file = (text: string, outcome: 'stored' | 'skipped') => ({
    name: NAME,
    path: NAME,
    size: text.length,
    md5: hexMd5(text),
    outcome,
  });
  const asOne = async (act: () => Promise<unknown>): Promise<void> => {
    const before = await scene().store.mark(NAME);
    await act();
    expect(await scene().store.mark(NAME)).toBe(before);
  };

  describe.each(WAYS)('by %s', (way) => {
    beforeEach(() => sendAs(way, '', OLD));

    it.each(['', 'overwrite', ' OverWrite '])('by %j replaces it', async (policy) => {
      const answer = await sendAs(way, policy);
      expect(answer.status).toBe(200);
      expect(await content()).toBe(NEW);
      expect(await outcomes(answer)).toEqual(['SUCCESS', file(NEW, 'stored')]);
    });

    it('by skip leaves it, and says so', async () => {
      await asOne(async () => {
        const answer = await sendAs(way, 'skip');
        expect(answer.status).toBe(200);
        const body = JSON.parse(answer.body.toString()) as object;
        const row = { name: NAME, size: OLD.length, md5: hexMd5(OLD), creator: "'root'@'%'" };
        expect(body).toMatchObject(way === 'a form' ? { state: 'SUCCESS', files: [NAME] } : row);
        expect(await outcomes(answer)).toEqual(['SUCCESS', file(OLD, 'skipped')]);
      });
      expect(await content()).toBe(OLD);
    });

    it('by skip takes in a long file for nothing', async () => {
      await asOne(async () => {
        expect((await sendAs(way, 'skip', Buffer.alloc(20 * MEBIBYTE))).status).toBe(200);
      });
      expect(await scene().store.orphans(NAME)).toEqual([]);
    });

    it('by fail is refused', async () => {
      await asOne(async () => {
        const answer = await sendAs(way, 'fail');
        const { error } = await expectError(answer, IS_THERE);
        const { state, files, error: recorded } = await uploadStatus(scene().client, uploadIdOf(answer));
        expect({ state, files, recorded }).toEqual({ state: 'FAILED', files: [], recorded: error });
      });
    });

    it('by skip-if-same leaves the very same', async () => {
      await asOne(async () => {
        const answer = await sendAs(way, 'skip-if-same', OLD);
        expect(answer.status).toBe(200);
        expect(await outcomes(answer)).toEqual(['SUCCESS', file(OLD, 'skipped')]);
      });
    });

    it('by skip-if-same replaces another one of its length', async () => {
      const answer = await sendAs(way, 'skip-if-same');
      expect(answer.status).toBe(200);
      expect(await content()).toBe(NEW);
      expect(await outcomes(answer)).toEqual(['SUCCESS', file(NEW, 'stored')]);
    });

    it('by skip-if-same looks into a foreign file of which nothing is known', async () => {
      await scene().store.put(NAME, OLD);
      await asOne(async () => {
        const answer = await sendAs(way, 'skip-if-same', OLD);
        expect(await outcomes(answer)).toMatchObject(['SUCCESS', { outcome: 'skipped' }]);
      });
      expect(await outcomes(await sendAs(way, 'skip-if-same'))).toEqual(['SUCCESS', file(NEW, 'stored')]);
      expect(await content()).toBe(NEW);
    });

    it.each([MEBIBYTE, 9 * MEBIBYTE])(
      'by skip-if-same tells long files of %d bytes by their last',
      async (size) => {
        const [first, second] = ['a', 'b'].map((end) =>
          Buffer.concat([Buffer.alloc(size, 'x'), Buffer.from(end)]),
        );
        await sendAs(way, '', first);
        await asOne(async () => {
          expect((await sendAs(way, 'skip-if-same', first)).status).toBe(200);
        });
        expect(await outcomes(await sendAs(way, 'skip-if-same', second))).toMatchObject([
          'SUCCESS',
          { outcome: 'stored' },
        ]);
        expect((await content())?.at(-1)).toBe('b');
        expect(await scene().store.orphans(NAME)).toEqual([]);
      },
    );
  });

  describe.each(WAYS)('of which there is none yet, by %s', (way) => {
    it.each(['skip', 'fail', 'skip-if-same'])('by %s is stored', async (policy) => {
      const answer = await sendAs(way, policy);
      expect(answer.status).toBe(way === 'a form' ? 200 : 201);
      expect(await outcomes(answer)).toEqual(['SUCCESS', file(NEW, 'stored')]);
    });

    it.each([
      ['fail', 1],
      ['fail', MEBIBYTE],
      ['skip', 1],
      ['skip', MEBIBYTE],
    ] as const)('by %s, 20 at once of %d bytes, store one of them', async (policy, size) => {
      const bodies = Array.from({ length: 20 }, (_, i) => Buffer.alloc(size, String.fromCharCode(97 + i)));
      const answers = await Promise.all(bodies.map((body) => sendAs(way, policy, body)));
      const statuses = await Promise.all(
        answers.map((each) => uploadStatus(scene().client, uploadIdOf(each))),
      );
      const stored = statuses.map(({ files }) => files[0]?.outcome === 'stored');
      expect(stored.filter(Boolean)).toHaveLength(1);
      const winner = stored.indexOf(true);
      for (const [i, answer] of answers.entries()) {
        if (i !== winner && policy === 'fail') await expectError(answer, IS_THERE);
        else expect(answer.status).toBeLessThan(300);
      }
      expect(await content()).toBe(bodies[winner]?.toString());
      expect(await scene().client.names(stage())).toEqual([NAME]);
    });
  });

  it.each([
    ['skip', {}, { status: 200, body: OLD }],
    ['fail', {}, { status: 412, body: OLD }],
    ['skip-if-same', { 'content-md5': base64Digest('md5', Buffer.from(OLD)) }, { status: 200, body: OLD }],
  ])('by %s is answered without having been asked for its body', async (policy, more, expected) => {
    await sendAs('a raw upload', '', OLD);
    const headers = { ...UNREAD, ...more, 'x-stagedoor-overwrite': policy };
    const answer = await scene().client.request(`PUT /v1/stages/${stage()}/files/${NAME}`, headers);
    expect({ status: answer.status, body: await content() }).toEqual(expected);
  });

  it('in a form of several is decided for each', async () => {
    const { client } = scene();
    await client.upload(form(filePart('b', 'old b')), { stage_name: stage() });
    const parts = ['a', 'b', 'c'].map((name) => filePart(name, `new ${name}`));
    const headers = { stage_name: stage(), 'x-stagedoor-overwrite': 'skip' };
    const answer = await client.upload(form(...parts), headers);
    expect(await outcomes(answer)).toMatchObject([
      'SUCCESS',
      { name: 'a', outcome: 'stored' },
      { name: 'b', outcome: 'skipped' },
      { name: 'c', outcome: 'stored' },
    ]);
    expect(await client.content(stage(), 'b')).toBe('old b');
    const failed = await client.upload(form(filePart('d'), filePart('b')), {
      ...headers,
      'x-stagedoor-overwrite': 'fail',
    });
    expect((await expectError(failed, IS_THERE)).files).toEqual(['d']);
  });
});

onEachStore('x-stagedoor-overwrite', (scene) => {
  it.each(WAYS)('of %s may be nothing that is unknown', async (way) => {
    const { client, store } = scene();
    for (const value of ['maybe', 'skip, fail', '?']) {
      const headers = { 'x-stagedoor-overwrite': value };
      const answer = await send(way, client, { stage: store.stage, name: NAME, content: NEW, headers });
      const message = /may be one of overwrite, skip, fail, skip-if-same/;
      await expectError(answer, { status: 400, message });
    }
    expect(await client.names(store.stage)).toEqual([]);
  });

  it.each(['skip', 'fail', 'skip-if-same'])('%s beside a condition is 400', async (policy) => {
    const { client, store } = scene();
    for (const condition of [{ 'if-none-match': '*' }, { 'if-match': '*' }] as const) {
      const headers = { 'x-stagedoor-overwrite': policy, ...condition };
      const file = { stage: store.stage, name: NAME, content: NEW, headers };
      const answer = await send('a raw upload', client, file);
      await expectError(answer, { status: 400, message: /send them or x-stagedoor-overwrite/ });
    }
  });
});

describe('a file that appears in the store just when an upload begins that would skip it', () => {
  let looks: number;
  let server: Server;
  let testApp: TestApp;

  beforeAll(async () => {
    // A store in which the file is there from the second look on.
    server = createServer((request, response) => {
      request.resume();
      const isThere = request.method === 'HEAD' && ++looks > 1;
      const lastModified = new Date().toUTCString();
      const headers = { etag: `"${hexMd5(OLD)}"`, 'content-length': '15', 'last-modified': lastModified };
      response.setHeader('x-amz-request-id', '1'); // as every S3 sends it, and no page
      response.writeHead(isThere ? 200 : 404, isThere ? headers : {}).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    testApp = await startTestApp();
    const { port } = server.address() as AddressInfo; // a listening TCP server has one
    const endpoint = `http://127.0.0.1:${String(port)}`;
    const connection = connectionTo({ endpoint, accessKeyId: 'key', secretAccessKey: 'secret' });
    const stage = { name: 'late', url: 's3://bucket/', connection };
    expect((await new Client(testApp).createStage(stage)).status).toBe(201);
  });

  afterAll(async () => {
    await testApp.close();
    server.closeAllConnections();
    server.close();
  });

  it.each(WAYS.flatMap((way) => [1, MEBIBYTE].map((size) => ({ way, size }))))(
    'is skipped by $way of $size bytes',
    async ({ way, size }) => {
      looks = 0;
      const headers = { 'x-stagedoor-overwrite': 'skip' };
      const file = { stage: 'late', name: NAME, content: Buffer.alloc(size), headers };
      const answer = await send(way, new Client(testApp), file);
      expect([answer.status, answer.body.toString()]).toEqual([200, expect.any(String)]);
    },
  );
});
