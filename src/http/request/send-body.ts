import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';

/**
 * Sends a body as the rest of an answer. `stream.pipeline` also does, but creates a signal and an error for every
 * successful answer: a tenth of the time of a small download.
 *
 * @throws the body's error, with the answer left open and incomplete: the caller must close the connection. Or an error
 *   that the client disconnected; the body is then closed.
 */
export function sendBody(body: Readable, response: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    body.once('error', reject);
    response.on('error', reject); // a write after the client has disconnected
    response.once('close', () => {
      body.destroy();
      if (response.writableFinished) resolve();
      else reject(new Error('The client went away before it had the whole answer.'));
    });
    body.pipe(response);
  });
}

/**
 * Sends bytes as the rest of an answer. Resolves when the kernel has all of them, and their memory can have another use.
 *
 * @throws an error that the client disconnected.
 */
export function sendBytes(bytes: Buffer, response: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    const { socket } = response;
    let isSent = false;
    response.once('close', () => {
      if (!isSent) reject(new Error('The client went away before it had the whole answer.'));
    });
    response.write(bytes, (error) => {
      // Node reports no error for a write that the end of its socket has cancelled: 'close' does.
      isSent = !error && socket?.destroyed === false;
      if (error) reject(error);
      else if (isSent) resolve();
    });
    response.end();
  });
}

/**
 * Sends pieces as they are made. The first one decides the status: an earlier failure is thrown with nothing sent. A later one closes the
 * connection, so that the answer is seen to be cut off. HEAD makes the first piece alone.
 *
 * @param setHead sets status and headers.
 */
export async function sendPieces(
  pieces: AsyncGenerator<string | Buffer>,
  response: Response,
  setHead: () => void,
): Promise<void> {
  try {
    const first = await pieces.next();
    setHead();
    if (response.req.method === 'HEAD') response.end();
    else await pipeline(continued(first, pieces), response);
  } finally {
    await pieces.return(undefined); // not started if the client had already disconnected
  }
}

async function* continued<T>(first: IteratorResult<T, unknown>, others: AsyncIterable<T>): AsyncGenerator<T> {
  if (first.done === true) return;
  yield first.value;
  yield* others;
}
