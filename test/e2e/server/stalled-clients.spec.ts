import { once } from 'node:events';
import { readdir, readlink, writeFile, mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { RawConnection } from '../support/raw-connection.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** More than all socket buffers between two processes hold. */
const LONG_BYTES = 64 * 1024 * 1024;
const IDLE_MS = 1000;

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp({
    REQUEST_TIMEOUT_SECONDS: '1',
    DOWNLOAD_IDLE_TIMEOUT_SECONDS: '1',
    MAX_CONNECTIONS: '20',
  });
  const folder = join(app.dataDir, 'internal/stage/user/root');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'long.bin'), Buffer.alloc(LONG_BYTES, 'x'));
});

afterAll(() => app.close());

const AS_ROOT = `Host: localhost\r\nAuthorization: Basic ${Buffer.from('root:').toString('base64')}\r\n`;
const DOWNLOAD = `GET /v1/stages/~/files/long.bin HTTP/1.1\r\n${AS_ROOT}\r\n`;

async function connectionThatSays(text: string): Promise<RawConnection> {
  const connection = await RawConnection.open(app.port);
  await connection.write(text);
  return connection;
}

/** How often this process holds the long file open. */
async function openFiles(): Promise<number> {
  const links = (await readdir('/proc/self/fd')).map((each) =>
    readlink(`/proc/self/fd/${each}`).catch(() => ''),
  );
  return (await Promise.all(links)).filter((path) => path.endsWith('long.bin')).length;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await delay(20);
}

describe('a reader that takes nothing for longer than DOWNLOAD_IDLE_TIMEOUT_SECONDS', () => {
  it('is closed, and its file with it', async () => {
    const connection = await connectionThatSays(DOWNLOAD);
    connection.stopReading();
    await until(async () => (await openFiles()) === 1);
    await until(async () => (await openFiles()) === 0);
    connection.leave();
  });

  it('is served to the end where it reads now and then', async () => {
    const socket = connect(app.port, '127.0.0.1');
    let received = 0;
    let pauses = 0;
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (received < (pauses + 1) * (LONG_BYTES / 5)) return;
      pauses++;
      socket.pause();
      setTimeout(() => socket.resume(), IDLE_MS / 2);
    });
    socket.write(DOWNLOAD.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
    await once(socket, 'close');
    expect(pauses).toBe(5);
    expect(received).toBeGreaterThan(LONG_BYTES);
  });
});

describe('a request that is not whole within REQUEST_TIMEOUT_SECONDS', () => {
  it.each(['', `{"sql"`])('is answered 408 where its JSON body stops at %j', async (begun) => {
    const head = `POST /v1/query HTTP/1.1\r\n${AS_ROOT}Content-Type: application/json\r\nContent-Length: 50\r\n\r\n`;
    const connection = await connectionThatSays(head + begun);
    const { status, body } = await connection.expectAnswer();
    expect(status).toBe(408);
    expect(JSON.parse(body.toString())).toMatchObject({
      error: { kind: 'BodyTooSlow', message: expect.stringContaining('within 1 seconds') as string },
    });
    connection.leave();
  });

  it('is answered 408 where its JSON body comes by drops', async () => {
    const head = `POST /v1/query HTTP/1.1\r\n${AS_ROOT}Content-Type: application/json\r\nContent-Length: 500\r\n\r\n`;
    const connection = await connectionThatSays(head);
    const drops = setInterval(() => void connection.write(' '), IDLE_MS / 10);
    const { status } = await connection.expectAnswer();
    clearInterval(drops);
    expect(status).toBe(408);
    connection.leave();
  });

  it.each(['', 'GET /v1/stages HTTP/1.1\r\nHost: localhost\r\n'])(
    'is answered 408 where its headers stop at %j',
    async (begun) => {
      const connection = await connectionThatSays(begun);
      const { status, body } = await connection.expectAnswer();
      expect(status).toBe(408);
      expect(body.toString()).toContain('HeadersTooSlow');
      connection.leave();
    },
  );
});

describe('connections beyond MAX_CONNECTIONS', () => {
  it('are closed at once, and those before them are served', async () => {
    const held = await Promise.all(Array.from({ length: 20 }, () => RawConnection.open(app.port)));
    const further = await RawConnection.open(app.port);
    await further.closed();
    expect(further.hasReceived).toBe(false);
    const [first] = held;
    await first?.write(`GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    expect(await first?.answer()).toMatchObject({ status: 200 });
    for (const each of held) each.leave();
  });
});
