import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Client } from '../support/client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const FILE_BYTES = 1024 * 1024;
const READERS = 24;
const READS = 20;

let app: TestApp;
let client: Client;
const contents = Array.from({ length: 3 }, () => randomBytes(FILE_BYTES));

beforeAll(async () => {
  app = await startTestApp();
  client = new Client(app);
  const folder = join(app.dataDir, 'internal/stage/user/root');
  await mkdir(folder, { recursive: true });
  await Promise.all(contents.map((content, i) => writeFile(join(folder, String(i)), content)));
});

afterAll(() => app.close());

/** Asks for many ranges, and leaves without reading them. */
async function leaveEarly(): Promise<void> {
  const authorization = `Basic ${Buffer.from('root:').toString('base64')}`;
  const request = `GET /v1/stages/~/files/0 HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nRange: bytes=0-65535\r\n\r\n`;
  const socket = connect(app.port, '127.0.0.1');
  socket.pause();
  socket.on('error', () => undefined);
  socket.write(request.repeat(20));
  await new Promise((resolve) => setTimeout(resolve, 20));
  socket.destroy();
}

async function readOne(seed: number): Promise<void> {
  const file = seed % contents.length;
  const length = 2 ** (10 + (seed % 8)) + (seed % 7) - 3; // on both sides of each power of two, to 128 KiB
  const start = (seed * 7919) % (FILE_BYTES - length);
  const answer = await client.send(`/v1/stages/~/files/${String(file)}`, {
    headers: { range: `bytes=${String(start)}-${String(start + length - 1)}` },
  });
  expect(answer.status).toBe(206);
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(bytes.equals(contents[file]?.subarray(start, start + length) ?? Buffer.alloc(0))).toBe(true);
}

it('short ranges asked for at once are each those of their own file, whoever leaves meanwhile', async () => {
  const reader = async (_: unknown, index: number): Promise<void> => {
    for (let read = 0; read < READS; read++) {
      if (index % 8 === 0) await leaveEarly();
      await readOne(index * READS + read);
    }
  };
  await Promise.all(Array.from({ length: READERS }, reader));
});
