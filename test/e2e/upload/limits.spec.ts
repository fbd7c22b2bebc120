import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { UserService } from '../../../src/users/accounts/user.service.js';
import { basic, Client, type Headers } from '../support/client.js';
import { eventually, expectError, storedFiles } from '../support/expectations.js';
import { filePart, form } from '../support/form.js';
import { metric } from '../support/metrics.js';
import { connectionTo } from '../support/minio.js';
import type { RawConnection } from '../support/raw-connection.js';
import { onEachStore } from '../support/stores.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { uploadIdOf, uploadStatus } from '../support/uploads.js';

const MEBIBYTE = 1024 ** 2;
const RETRY_AFTER = /^[1-9]\d*$/;
const chunked = (content: string): string => `${content.length.toString(16)}\r\n${content}\r\n0\r\n\r\n`;

onEachStore(
  'a file that is longer than MAX_FILE_BYTES',
  (scene) => {
    const line = (): string => `PUT /v1/stages/${scene().store.stage}/files/f`;
    const tooLarge = { status: 413, message: /at most 1000 bytes/ };

    beforeEach(() => scene().store.put('f', 'previous'));

    afterEach(async () => {
      const { client, store } = scene();
      expect(await client.content(store.stage, 'f')).toBe('previous');
      await eventually(async () => {
        expect(await store.orphans('f')).toEqual([]);
      });
    });

    it('is 413 by its declared length, before its body is asked for', async () => {
      const headers = { expect: '100-continue', 'content-length': '1001' };
      await expectError(await scene().client.request(line(), headers), tooLarge);
    });

    it('is 413 as soon as its chunks say so', async () => {
      const headers = { 'transfer-encoding': 'chunked' };
      await expectError(await scene().client.request(line(), headers, chunked('x'.repeat(1001))), tooLarge);
      const endless = await scene().client.start(line(), headers, `ffffffff\r\n${'x'.repeat(300_000)}`);
      await expectError(await endless.expectAnswer(), tooLarge);
      endless.leave();
    });

    it('is 413 in a form, whose earlier files stay and are named', async () => {
      const { client, store } = scene();
      const files = [filePart('a', 'x'.repeat(1000)), filePart('f', 'x'.repeat(1001)), filePart('z')];
      const answer = await client.upload(form(...files), { stage_name: store.stage });
      expect((await expectError(answer, tooLarge)).files).toEqual(['a']);
      expect(await client.names(store.stage)).toEqual(['a', 'f']);
      expect(await uploadStatus(client, uploadIdOf(answer))).toMatchObject({
        state: 'FAILED',
        files: [{ name: 'a' }],
        error: { code: 413 },
      });
    });
  },
  { MAX_FILE_BYTES: '1000' },
);

describe('limits', () => {
  let testApp: TestApp;
  let client: Client;

  async function start(settings: Headers): Promise<void> {
    testApp = await startTestApp(settings);
    client = new Client(testApp);
  }

  /** An upload whose body is asked for, and does not come. */
  async function stalled(of = client, name = 'stalled'): Promise<RawConnection> {
    const headers = { expect: '100-continue', 'content-length': '1000' };
    const connection = await of.start(`PUT /v1/stages/~/files/${name}`, headers);
    expect((await connection.expectAnswer()).status).toBe(100);
    return connection;
  }

  afterEach(() => testApp.close());

  it('a file of exactly MAX_FILE_BYTES is taken', async () => {
    await start({ MAX_FILE_BYTES: '1000' });
    const content = 'x'.repeat(1000);
    const headers = { 'transfer-encoding': 'chunked' };
    expect((await client.request('PUT /v1/stages/~/files/a', headers, chunked(content))).status).toBe(201);
    expect((await client.upload(form(filePart('b', content)))).status).toBe(200);
    expect(await client.names('~')).toEqual(['a', 'b']);
  });

  it('a form of more files than MAX_FILES_PER_UPLOAD is 400, and what was stored of it stays', async () => {
    await start({ MAX_FILES_PER_UPLOAD: '2' });
    expect((await client.upload(form(filePart('a'), filePart('b')))).status).toBe(200);
    const answer = await client.upload(form(filePart('c'), filePart('d'), filePart('e')));
    const { files } = await expectError(answer, {
      status: 400,
      message: /too many files: send them in several/,
    });
    expect(await client.names('~')).toEqual(['a', 'b', ...(files ?? [])]);
    expect(files ?? []).not.toContain('e');
  });

  it('more uploads at once than MAX_UPLOADS_PER_USER are 429, until one has ended', async () => {
    await start({ MAX_UPLOADS_PER_USER: '2' });
    await testApp.app.get(UserService).save('ann', 'password of ann', { isAdmin: false });
    const connections = [await stalled(), await stalled()];
    const line = 'PUT /v1/stages/~/files/third';
    for (const refused of [
      await client.request(line, { expect: '100-continue', 'content-length': '1000' }),
      await client.upload(form(filePart('third'))),
    ]) {
      await expectError(refused, {
        status: 429,
        message: /You have 2 uploads running.*wait until one has ended/,
      });
      expect(refused.headers.get('retry-after')).toMatch(RETRY_AFTER);
    }
    const ann = new Client(testApp, basic('ann', 'password of ann'));
    expect((await ann.upload(form(filePart('hers')))).status).toBe(200);
    connections[0]?.leave();
    await eventually(async () => {
      expect((await client.upload(form(filePart('third')))).status).toBe(200);
    });
    connections[1]?.leave();
  });

  it.each(['a raw upload', 'a form'])(
    '%s of fewer bytes a second than the lowest rate is 408',
    async (way) => {
      await start({ UPLOAD_MIN_BYTES_PER_SECOND: '1000', UPLOAD_RATE_WINDOW_SECONDS: '1' });
      const body = form(filePart('slow', 'x'.repeat(100_000)));
      const connection =
        way === 'a form'
          ? await client.startUpload({ 'content-length': String(body.length) })
          : await client.start('PUT /v1/stages/~/files/slow', { 'content-length': String(body.length) });
      for (let at = 0; !connection.hasReceived; at += 50) {
        await connection.write(body.subarray(at, at + 50));
        await delay(200);
      }
      const message = /Fewer than 1000 bytes a second have come for 1 seconds.*Send it again over a faster/;
      await expectError(await connection.expectAnswer(), { status: 408, message });
      connection.leave();
      await eventually(async () => {
        expect(await storedFiles(testApp)).toEqual([]);
      });
    },
  );

  it('an upload that is slow and fast enough is taken, however long it takes', async () => {
    await start({ UPLOAD_MIN_BYTES_PER_SECOND: '1000', UPLOAD_RATE_WINDOW_SECONDS: '1' });
    const connection = await client.start('PUT /v1/stages/~/files/slow', { 'content-length': '20000' });
    for (let sent = 0; sent < 20_000; sent += 1000) {
      await connection.write(Buffer.alloc(1000));
      await delay(150);
    }
    expect((await connection.expectAnswer()).status).toBe(201);
    connection.leave();
  });

  it('a hundred trickling uploads do not keep another one out, nor many', async () => {
    await start({ UPLOAD_BUFFER_MIB: '16', UPLOAD_QUEUE_SECONDS: '0' });
    const trickles = await Promise.all(
      Array.from({ length: 100 }, (_, i) => stalled(client, `slow/${String(i)}`)),
    );
    await Promise.all(trickles.map((each) => each.write('a few bytes')));
    const body = form(filePart('normal', Buffer.alloc(20 * MEBIBYTE)));
    for (let i = 0; i < 3; i++) expect((await client.upload(body)).status).toBe(200);
    expect(await metric(client, 'stagedoor_uploads_running')).toBe(100);
    await Promise.all(trickles.map((each) => each.write(Buffer.alloc(1000 - 11))));
    for (const each of trickles) expect((await each.expectAnswer()).status).toBe(201);
    for (const each of trickles) each.leave();
  });
});

describe('when a store takes nothing, and there is memory left', () => {
  it('uploads to others are taken', async () => {
    const sockets = new Set<Socket>();
    const blackHole = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined));
    }).listen(0, '127.0.0.1');
    await once(blackHole, 'listening');
    const testApp = await startTestApp({ UPLOAD_BUFFER_MIB: '16', UPLOAD_QUEUE_SECONDS: '0' });
    const client = new Client(testApp);
    const { port } = blackHole.address() as AddressInfo; // a listening TCP server has one
    const endpoint = `http://127.0.0.1:${String(port)}`;
    const connection = connectionTo({ endpoint, accessKeyId: 'key', secretAccessKey: 'secret' });
    await client.createStage({ name: 'hole', url: 's3://bucket/', connection });
    const head = { 'content-length': String(64 * MEBIBYTE) };
    const stuck = await Promise.all(
      Array.from({ length: 6 }, (_, i) => client.start(`PUT /v1/stages/hole/files/${String(i)}`, head)),
    );
    for (const each of stuck) void each.write(Buffer.alloc(16 * MEBIBYTE));
    await eventually(async () => {
      expect(await metric(client, 'stagedoor_upload_buffered_bytes')).toBeGreaterThan(9 * MEBIBYTE);
    });
    expect((await client.upload(form(filePart('other', Buffer.alloc(5 * MEBIBYTE))))).status).toBe(200);
    for (const each of stuck) each.leave();
    for (const socket of sockets) socket.destroy();
    blackHole.close();
    await testApp.close();
  });
});

describe('when the store takes nothing, and the memory for uploads is used up', () => {
  const QUEUE_SECONDS = 3;
  /** Of each comes what is needed to know that it is no short one: a third of a mebibyte. */
  const STUCK = 40;
  const busy = { status: 503, message: /no room for another file: send it again in a moment/ };
  let sockets: Set<Socket>;
  let blackHole: Server;
  let testApp: TestApp;
  let client: Client;
  let stuck: RawConnection[];

  // What one test has left in the store would be room, or none, for the next.
  beforeEach(async () => {
    sockets = new Set();
    blackHole = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined));
    });
    blackHole.listen(0, '127.0.0.1');
    await once(blackHole, 'listening');
    testApp = await startTestApp({ UPLOAD_BUFFER_MIB: '16', UPLOAD_QUEUE_SECONDS: String(QUEUE_SECONDS) });
    client = new Client(testApp);
    const { port } = blackHole.address() as AddressInfo; // a listening TCP server has one
    const endpoint = `http://127.0.0.1:${String(port)}`;
    const connection = connectionTo({ endpoint, accessKeyId: 'key', secretAccessKey: 'secret' });
    expect((await client.createStage({ name: 'hole', url: 's3://bucket/', connection })).status).toBe(201);
    stuck = await Promise.all(
      Array.from({ length: STUCK }, (_, i) =>
        client.start(`PUT /v1/stages/hole/files/${String(i)}`, { 'content-length': String(64 * MEBIBYTE) }),
      ),
    );
    await eventually(async () => {
      expect(await metric(client, 'stagedoor_uploads_running')).toBe(STUCK);
    });
    const body = Buffer.alloc(16 * MEBIBYTE);
    for (const each of stuck) void each.write(body);
    await eventually(async () => {
      expect(await metric(client, 'stagedoor_upload_buffered_bytes')).toBeGreaterThan(15.5 * MEBIBYTE);
    });
  });

  afterEach(async () => {
    for (const each of stuck) each.leave();
    for (const socket of sockets) socket.destroy();
    blackHole.close();
    await testApp.close();
  });

  it.each([
    ['a raw upload', 'PUT /v1/stages/~/files/new', {}],
    [
      'a form',
      'PUT /v1/upload_to_stage',
      { stage_name: '~', 'content-type': 'multipart/form-data; boundary=b' },
    ],
  ])('%s waits a little, and is then 503 before its body is asked for', async (_way, line, more: Headers) => {
    const start = performance.now();
    const headers = { expect: '100-continue', 'content-length': String(MEBIBYTE), ...more };
    const answer = await client.request(line, headers);
    await expectError(answer, busy);
    expect(performance.now() - start).toBeGreaterThan(QUEUE_SECONDS * 1000 - 100);
    expect(answer.headers.get('retry-after')).toMatch(RETRY_AFTER);
    expect(await client.names('~')).toEqual([]);
  });

  it('holds no more than the setting says', async () => {
    for (let look = 0; look < 10; look++) {
      // A chunk of each may already be on its way.
      expect(await metric(client, 'stagedoor_upload_buffered_bytes')).toBeLessThan(20 * MEBIBYTE);
      await delay(50);
    }
  });

  it('everything but uploads goes on', async () => {
    expect((await client.send('/ready')).status).toBe(200);
    expect(await client.names('~')).toEqual([]);
  });

  it('an upload that waits is taken as soon as there is room', async () => {
    const waiting = client.upload(form(filePart('waits')));
    for (const each of stuck) each.leave();
    blackHole.close();
    for (const socket of sockets) socket.destroy();
    expect((await waiting).status).toBe(200);
    expect(await client.content('~', 'waits')).toBe('content');
    await eventually(async () => {
      expect(await metric(client, 'stagedoor_upload_buffered_bytes')).toBe(0);
    });
  });
});
