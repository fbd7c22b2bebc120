import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Request } from 'express';
import type { AppConfig } from '../../../src/config/app-config.js';
import { RawBodyReceiver, type RawBodyOptions } from '../../../src/upload/raw/raw-body-receiver.js';
import type { IncomingFile } from '../../../src/upload/files/file-upload.js';
import { BufferBudget } from '../../../src/upload/admission/buffer-budget.js';
import type { UploadError } from '../../../src/upload/upload-error.js';

const IDLE_MS = 150;

let server: Server;
let socket: Socket;
let cutOff: AbortController;

beforeEach(async () => {
  cutOff = new AbortController();
  server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a listening TCP server has one
  socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
});

afterEach(async () => {
  socket.destroy();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

/** The request that the bytes begin. */
async function requestOf(headers: string, body: Buffer | string = ''): Promise<Request> {
  const arrival = once(server, 'request');
  socket.write(
    Buffer.concat([Buffer.from(`PUT /f HTTP/1.1\r\nhost: x\r\n${headers}\r\n\r\n`), Buffer.from(body)]),
  );
  const [request] = (await arrival) as [Request]; // Express adds nothing that the receiver uses
  return request;
}

function receive<T>(
  request: Request,
  sink: (file: IncomingFile) => Promise<T>,
  options: Pick<RawBodyOptions, 'maxBytes'> = {},
): Promise<T> {
  const upload = {
    idleTimeoutSeconds: IDLE_MS / 1000,
    minBytesPerSecond: 0,
    rateWindowSeconds: 60,
    maxFileBytes: 1e9,
  };
  const config = { upload } as AppConfig; // all that the receiver reads of it
  const admission = { memory: new BufferBudget(1e9).open(), signal: cutOff.signal };
  return new RawBodyReceiver(config).receive(request, { ...options, admission }, sink);
}

/** `events.once` would take the error that comes with it. */
async function closed(request: Request): Promise<void> {
  while (!request.destroyed) await delay(5);
}

const read = ({ body }: IncomingFile): Promise<string> => text(body);

async function kindOf(upload: Promise<unknown>): Promise<string> {
  return upload.then(
    () => 'none',
    (error: unknown) => (error as UploadError).kind,
  );
}

describe('a body that is a file', () => {
  it('is handed on with what the request says of it', async () => {
    const request = await requestOf('content-length: 7\r\ncontent-type: text/csv', 'content');
    const got = await receive(request, async (file) => ({ ...file, text: await read(file) }));
    expect(got).toMatchObject({ text: 'content', maxBytes: 7, contentType: 'text/csv' });
    expect(got.signal.aborted).toBe(false);
  });

  it('may come without a length and without a type', async () => {
    const request = await requestOf('transfer-encoding: chunked', '7\r\ncontent\r\n0\r\n\r\n');
    const got = await receive(request, async (file) => ({ ...file, text: await read(file) }));
    expect(got).toMatchObject({ text: 'content', maxBytes: undefined, contentType: undefined });
  });

  it('gives what its sink has thrown, and leaves the connection for the answer', async () => {
    const request = await requestOf('content-length: 100000000', Buffer.alloc(1_000_000));
    const upload = receive(request, async ({ body }) => {
      await once(body, 'readable');
      throw new Error('the store is full');
    });
    await expect(upload).rejects.toThrow('the store is full');
    expect(request.destroyed).toBe(false);
    expect(request.isPaused()).toBe(true);
  });
});

describe('a file with a limit', () => {
  it('is refused at once where it declares more', async () => {
    let isAsked = false;
    const request = await requestOf('content-length: 11');
    const sink = (): Promise<void> => {
      isAsked = true;
      return Promise.resolve();
    };
    expect(await kindOf(receive(request, sink, { maxBytes: 10 }))).toBe('FileTooLarge');
    expect(isAsked).toBe(false);
    socket.destroy();
    await closed(request);
  });

  it('is refused when its bytes pass the limit, and its sink is told', async () => {
    const request = await requestOf('transfer-encoding: chunked', 'b\r\n12345678901\r\n');
    let reason: unknown;
    const upload = receive(
      request,
      (file) => {
        file.signal.addEventListener('abort', () => {
          reason = file.signal.reason;
        });
        return read(file);
      },
      { maxBytes: 10 },
    );
    expect(await kindOf(upload)).toBe('FileTooLarge');
    expect(reason).toMatchObject({ kind: 'FileTooLarge' });
  });

  it.each([
    'content-length: 10\r\n\r\n1234567890',
    'transfer-encoding: chunked\r\n\r\na\r\n1234567890\r\n0\r\n\r\n',
  ])('may have exactly so many bytes (%j)', async (rest) => {
    const [headers = '', body] = rest.split(/\r\n\r\n(.*)/s);
    expect(await receive(await requestOf(headers, body), read, { maxBytes: 10 })).toBe('1234567890');
  });
});

describe('a client', () => {
  it('that falls silent is given up', async () => {
    const request = await requestOf('content-length: 7', 'cont');
    expect(await kindOf(receive(request, read))).toBe('IdleTimeout');
  });

  it('is not silent while the store has not begun to read', async () => {
    const request = await requestOf('content-length: 7', 'content');
    const late = async (file: IncomingFile): Promise<string> => {
      await delay(3 * IDLE_MS);
      return read(file);
    };
    expect(await receive(request, late)).toBe('content');
  });

  it('is not silent while the store is slow, nor while it takes its time at the end', async () => {
    const size = 2_000_000;
    const request = await requestOf(`content-length: ${String(size)}`, Buffer.alloc(size));
    let stored = 0;
    const upload = receive(request, async ({ body }) => {
      const slow = new Writable({
        highWaterMark: 1,
        write(chunk: Buffer, _encoding, callback) {
          stored += chunk.length;
          setTimeout(callback, stored === chunk.length ? 3 * IDLE_MS : 0);
        },
        final(callback) {
          setTimeout(callback, 3 * IDLE_MS);
        },
      });
      await pipeline(body, slow);
    });
    expect(await kindOf(upload)).toBe('none');
    expect(stored).toBe(size);
  });

  it('cannot send more than the store takes', async () => {
    const request = await requestOf('content-length: 100000000');
    let sent = 0;
    const flood = async (): Promise<void> => {
      for (const piece = Buffer.alloc(64_000); sent < 50_000_000 && !socket.destroyed; sent += piece.length) {
        if (!socket.write(piece)) await Promise.race([once(socket, 'drain'), delay(300)]);
        if (socket.writableNeedDrain) return;
      }
    };
    let held = 0;
    await receive(request, async ({ body }) => {
      body.read(0);
      await flood();
      held = body.readableLength + request.readableLength;
    });
    expect(sent).toBeLessThan(50_000_000);
    expect(held).toBeLessThan(1_000_000);
  });

  it('that leaves ends the upload, whether its body is read or not', async () => {
    const request = await requestOf('content-length: 7', 'cont');
    const waiting = receive(request, async ({ signal }) => {
      await once(signal, 'abort');
      throw new Error('aborted');
    });
    socket.destroy();
    expect(await kindOf(waiting)).toBe('ClientGone');
  });

  it('that left before anybody listened ends the upload', async () => {
    const request = await requestOf('content-length: 7', 'cont');
    socket.destroy();
    await closed(request);
    expect(await kindOf(receive(request, read))).toBe('ClientGone');
  });

  it('that leaves when all has arrived, and while the store is slow, ends the upload', async () => {
    const size = 150_000;
    const request = await requestOf(`content-length: ${String(size)}`, Buffer.alloc(size));
    const upload = receive(request, async (file) => {
      file.body.read(0);
      while (!request.complete || !request.isPaused()) await delay(5);
      socket.destroy();
      await closed(request);
      return read(file);
    });
    expect(await kindOf(upload)).toBe('ClientGone');
  });

  it('that leaves when it has sent all, and before anything was read, ends the upload', async () => {
    const request = await requestOf('content-length: 7', 'content');
    const upload = receive(request, async (file) => {
      socket.destroy();
      await closed(request);
      return read(file);
    });
    expect(await kindOf(upload)).toBe('ClientGone');
  });
});

describe('the end of the server', () => {
  it('cuts off a body that has not come', async () => {
    const request = await requestOf('content-length: 7', 'cont');
    const upload = receive(request, async ({ body, signal }) => {
      body.read(0);
      await once(signal, 'abort');
      throw new Error('aborted');
    });
    cutOff.abort();
    expect(await kindOf(upload)).toBe('ShuttingDown');
    expect(request.destroyed).toBe(false);
  });
});
