import { once } from 'node:events';
import { createServer, get, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { sendBody, sendBytes } from '../../../src/http/request/send-body.js';

/** A server that answers once, by what it is given, and what came of it. */
async function serveOnce(
  answer: (response: ServerResponse) => Promise<void>,
): Promise<{ url: string; outcome: Promise<unknown> }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const outcome = new Promise((resolve) => {
    server.once('request', (_request, response) => {
      response.setHeader('connection', 'close');
      server.close();
      answer(response).then(() => {
        resolve('sent');
      }, resolve);
    });
  });
  const { port } = server.address() as AddressInfo; // a listening TCP server has one
  return { url: `http://127.0.0.1:${String(port)}/`, outcome };
}

it('a body is sent whole', async () => {
  const content = Buffer.alloc(3_000_000, 'x');
  const { url, outcome } = await serveOnce((response) =>
    sendBody(Readable.from([content.subarray(0, 10), content.subarray(10)]), response),
  );
  const answer = await fetch(url);
  expect(Buffer.from(await answer.arrayBuffer()).equals(content)).toBe(true);
  await expect(outcome).resolves.toBe('sent');
});

it("a body's error is thrown, and who catches it may still close the connection", async () => {
  const failure = new Error('the disk is gone');
  const { url, outcome } = await serveOnce(async (response) => {
    const body = Readable.from(
      (async function* () {
        yield Buffer.alloc(1000);
        await new Promise((resolve) => setTimeout(resolve, 20));
        throw failure;
      })(),
    );
    try {
      await sendBody(body, response);
    } finally {
      response.destroy();
    }
  });
  await expect(buffer((await once(get(url), 'response'))[0] as Readable)).rejects.toThrow('aborted');
  await expect(outcome).resolves.toBe(failure);
});

it('a client that goes away closes the body, also one that goes on giving', async () => {
  let body: Readable | undefined;
  const { url, outcome } = await serveOnce((response) => {
    body = new Readable({
      read() {
        setImmediate(() => this.push(Buffer.alloc(65_536)));
      },
    });
    return sendBody(body, response);
  });
  const request = get(url);
  const [answer] = (await once(request, 'response')) as [Readable];
  await once(answer, 'data');
  request.destroy();
  answer.on('error', () => undefined);
  await expect(outcome).resolves.toMatchObject({ message: expect.stringContaining('went away') as string });
  expect(body?.destroyed).toBe(true);
});

it.each([0, 10, 3_000_000])('%i bytes are sent whole', async (length) => {
  const content = Buffer.alloc(length, 'x');
  const { url, outcome } = await serveOnce((response) => sendBytes(content, response));
  const answer = await fetch(url);
  expect(Buffer.from(await answer.arrayBuffer()).equals(content)).toBe(true);
  await expect(outcome).resolves.toBe('sent');
});

/** More than all socket buffers between two processes hold. */
const LONG_BYTES = 64 * 1024 * 1024;

it('bytes that a client has not taken yet are still in use', async () => {
  let isSettled = false;
  const { url, outcome } = await serveOnce((response) => sendBytes(Buffer.alloc(LONG_BYTES), response));
  void outcome.then(() => (isSettled = true));
  const [answer] = (await once(get(url), 'response')) as [Readable];
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(isSettled).toBe(false);
  expect(await buffer(answer)).toHaveLength(LONG_BYTES);
  await expect(outcome).resolves.toBe('sent');
});

it('bytes for a client that goes away are no success', async () => {
  const { url, outcome } = await serveOnce((response) => sendBytes(Buffer.alloc(LONG_BYTES), response));
  const request = get(url);
  const [answer] = (await once(request, 'response')) as [Readable];
  answer.on('error', () => undefined);
  request.destroy();
  await expect(outcome).resolves.toBeInstanceOf(Error);
});

it('bytes for a client that has gone away are no success', async () => {
  const { url, outcome } = await serveOnce(async (response) => {
    request.destroy();
    await once(response, 'close');
    await sendBytes(Buffer.from('late'), response);
  });
  const request = get(url).on('error', () => undefined);
  await expect(outcome).resolves.toBeInstanceOf(Error);
});
