import { errorAnswer, S3Error } from './s3-error.mjs';

/** @import { IncomingMessage, ServerResponse } from 'node:http' */
/** @import { GivenBody, GivenError, SpoiledAnswer } from './quirks.mjs' */
/** @import { JournalEntry } from './request-journal.mjs' */
/** @import { S3Request } from './s3-request.mjs' */

/** @typedef {{ incoming: IncomingMessage, outgoing: ServerResponse, request: S3Request, entry: JournalEntry }} Exchange */
/** @typedef {Readonly<Record<string, string>>} AnswerHeaders */
/**
 * The body is bytes, or a byte string.
 *
 * @typedef {{ status?: number, headers?: AnswerHeaders, body?: Buffer | string }} S3Answer
 */

const PAGE = '<!DOCTYPE html>\n<html><head><title>Console</title></head><body>Sign in<br></body></html>\n';

/**
 * Answers that come before anything is done.
 *
 * @type {ReadonlyMap<string | undefined, (exchange: Exchange) => void>}
 */
const INSTEAD = new Map([
  ['drop', ({ incoming }) => incoming.socket.destroy()],
  ['hang', ({ incoming }) => incoming.resume()],
  ['html', (exchange) => send(exchange, { headers: { 'content-type': 'text/html' }, body: PAGE })],
  ['nothing', (exchange) => send(exchange, {})],
]);

/**
 * What becomes of the true answer.
 *
 * @type {ReadonlyMap<string | undefined, (exchange: Exchange, answer: S3Answer) => void>}
 */
const SPOILED = new Map([
  ['lost', ({ incoming }) => incoming.socket.destroy()],
  ['cut', (exchange, answer) => sendHalf(exchange, answer, () => exchange.incoming.socket.destroy())],
  ['stall', (exchange, answer) => sendHalf(exchange, answer, () => undefined)],
]);

/**
 * Answers a request.
 *
 * @param {Exchange} exchange
 * @param {SpoiledAnswer | undefined} rule what a rule of the quirks says, if one strikes.
 * @param {() => Promise<S3Answer>} perform does what is asked; rejects with an S3Error where it cannot.
 */
export async function answer(exchange, rule, perform) {
  if (typeof rule === 'object') {
    if ('body' in rule) sendAsItIs(exchange, rule);
    else send(exchange, errorOf(rule, exchange));
    return;
  }
  const instead = INSTEAD.get(rule);
  if (instead !== undefined) {
    instead(exchange);
    return;
  }
  const told = await outcomeOf(exchange, perform);
  const spoil = SPOILED.get(rule) ?? send;
  spoil(exchange, told);
}

/**
 * @param {GivenError} error
 * @param {Exchange} exchange
 */
function errorOf({ code, message, status, headers }, { request }) {
  return errorAnswer(new S3Error(code, message, { status, headers }), request.path);
}

/**
 * @param {Exchange} exchange
 * @param {() => Promise<S3Answer>} perform
 */
async function outcomeOf({ request, outgoing }, perform) {
  try {
    return await perform();
  } catch (error) {
    if (error instanceof S3Error) return errorAnswer(error, request.path);
    // The client has left in the middle of its body, or this store has a fault, which must show.
    if (!outgoing.destroyed) process.emitWarning(error instanceof Error ? error : String(error));
    return errorAnswer(new S3Error('InternalError', String(error)), request.path);
  }
}

/**
 * @param {Exchange} exchange
 * @param {S3Answer} told
 */
function send({ outgoing, request, entry }, { status = 200, headers = {}, body = '' }) {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body, 'latin1');
  entry.status = status;
  outgoing.writeHead(status, { ...common(), ...headers, ...lengthOf(status, bytes) });
  outgoing.end(request.method === 'HEAD' || status === 304 ? undefined : bytes);
}

/**
 * Nothing is added, not even a length.
 * @param {Exchange} exchange
 * @param {GivenBody} told
 */
function sendAsItIs({ outgoing, entry, incoming }, { status = 200, headers = {}, body }) {
  incoming.resume();
  entry.status = status;
  outgoing.writeHead(status, { ...common(), ...headers });
  outgoing.end(body);
}

/**
 * @param {Exchange} exchange
 * @param {S3Answer} told
 * @param {() => void} then
 */
function sendHalf({ outgoing, entry }, { status = 200, headers = {}, body = '' }, then) {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body, 'latin1');
  entry.status = status;
  outgoing.writeHead(status, { ...common(), ...headers, ...lengthOf(status, bytes) });
  outgoing.write(bytes.subarray(0, bytes.length >> 1), then);
}

/**
 * @param {number} status
 * @param {Buffer} bytes
 */
function lengthOf(status, bytes) {
  return status === 204 || status === 304 ? {} : { 'content-length': bytes.length };
}

function common() {
  return { server: 'PermissiveS3', 'x-amz-request-id': 'PERMISSIVE' };
}
