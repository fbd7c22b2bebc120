import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** @import { Agent, ClientRequest, IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http' */

const PIECE_BYTES = 256 * 1024;
/** @typedef {{ status: number, headers: IncomingHttpHeaders, bytes: Buffer }} Answer */
/** @typedef {Iterable<Buffer> | AsyncIterable<Buffer>} Pieces A body; an async iterable where the client is slow. */
/** @typedef {{ method?: string, headers?: OutgoingHttpHeaders, pieces?: Pieces }} Request */
/** @typedef {{ leaveAfter?: number, onSent?: () => void }} Manner */

/**
 * One request and its whole answer: `{ status, headers, bytes }`. Rejects when the answer does not come to its end.
 *
 * `pieces` is the body: buffers, or an async iterable of them where the client is slow. With `leaveAfter` it closes the
 * connection when it has sent so many bytes of them. `onSent` is called when the system has taken the last byte.
 * @param {Agent} agent
 * @param {URL} url
 * @param {Request & Manner} [request]
 */
export async function exchange(agent, url, { method = 'GET', headers = {}, pieces = [], ...manner } = {}) {
  const { leaveAfter = Infinity, onSent = () => undefined } = manner;
  const request = httpRequest(url, { agent, method, headers });
  request.on('error', () => undefined); // it is told by the answer, which rejects
  request.once('finish', onSent);
  const answer = answerOf(request);
  const sent = pipeline(Readable.from(bodyOf(pieces, leaveAfter)), request).catch(() => undefined);
  try {
    return await answer;
  } finally {
    // A server may answer before it has read the body.
    if (!request.writableFinished) request.destroy();
    await sent;
  }
}

/**
 * @param {ClientRequest} request
 * @returns {Promise<Answer>}
 */
async function answerOf(request) {
  // What `response` brings is Node's promise.
  const [response] = /** @type {[IncomingMessage]} */ (await once(request, 'response'));
  const bytes = Buffer.concat(await response.toArray());
  if (!response.complete) throw new Error('The answer was cut short.');
  return { status: response.statusCode ?? 0, headers: response.headers, bytes };
}

/**
 * @param {Pieces} pieces
 * @param {number} leaveAfter
 */
async function* bodyOf(pieces, leaveAfter) {
  let left = leaveAfter;
  for await (const piece of pieces) {
    for (let start = 0; start < piece.length; start += PIECE_BYTES) {
      const next = piece.subarray(start, start + PIECE_BYTES);
      yield next.subarray(0, left);
      left -= next.length;
      if (left <= 0) throw new Error('The client leaves.');
    }
  }
}
