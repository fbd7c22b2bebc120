import { errorAnswer, S3Error } from './s3-error.mjs';

const PAGE = '<!DOCTYPE html>\n<html><head><title>Console</title></head><body>Sign in<br></body></html>\n';

/** Answers that come before anything is done: `(exchange) => undefined`. */
const INSTEAD = {
  drop: ({ incoming }) => incoming.socket.destroy(),
  hang: ({ incoming }) => incoming.resume(),
  html: (exchange) => send(exchange, { headers: { 'content-type': 'text/html' }, body: PAGE }),
  nothing: (exchange) => send(exchange, {}),
};

/** What becomes of the true answer. */
const SPOILED = {
  lost: ({ incoming }) => incoming.socket.destroy(),
  cut: (exchange, answer) => sendHalf(exchange, answer, () => exchange.incoming.socket.destroy()),
  stall: (exchange, answer) => sendHalf(exchange, answer, () => undefined),
};

/**
 * Answers a request.
 *
 * @param exchange `{ incoming, outgoing, request, entry }`.
 * @param rule what a rule of the quirks says, if one strikes.
 * @param perform does what is asked; rejects with an S3Error where it cannot.
 */
export async function answer(exchange, rule, perform) {
  if (rule in INSTEAD) {
    INSTEAD[rule](exchange);
    return;
  }
  if (rule?.body !== undefined) {
    sendAsItIs(exchange, rule);
    return;
  }
  const told = typeof rule === 'object' ? errorOf(rule, exchange) : await outcomeOf(exchange, perform);
  if (rule in SPOILED) SPOILED[rule](exchange, told);
  else send(exchange, told);
}

function errorOf({ code, message, status, headers }, { request }) {
  return errorAnswer(new S3Error(code, message, { status, headers }), request.path);
}

async function outcomeOf({ request, outgoing }, perform) {
  try {
    return await perform();
  } catch (error) {
    if (error instanceof S3Error) return errorAnswer(error, request.path);
    // The client has left in the middle of its body, or this store has a fault, which must show.
    if (!outgoing.destroyed) process.emitWarning(error);
    return errorAnswer(new S3Error('InternalError', String(error)), request.path);
  }
}

/** @param told `{ status, headers, body }`; the body is bytes, or a byte string. */
function send({ outgoing, request, entry }, { status = 200, headers = {}, body = '' }) {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body, 'latin1');
  entry.status = status;
  outgoing.writeHead(status, { ...common(), ...headers, ...lengthOf(status, bytes) });
  outgoing.end(request.method === 'HEAD' || status === 304 ? undefined : bytes);
}

/** Nothing is added, not even a length. */
function sendAsItIs({ outgoing, entry, incoming }, { status = 200, headers = {}, body }) {
  incoming.resume();
  entry.status = status;
  outgoing.writeHead(status, { ...common(), ...headers });
  outgoing.end(body);
}

function sendHalf({ outgoing, entry }, { status = 200, headers = {}, body = '' }, then) {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body, 'latin1');
  entry.status = status;
  outgoing.writeHead(status, { ...common(), ...headers, ...lengthOf(status, bytes) });
  outgoing.write(bytes.subarray(0, bytes.length >> 1), then);
}

function lengthOf(status, bytes) {
  return status === 204 || status === 304 ? {} : { 'content-length': bytes.length };
}

function common() {
  return { server: 'PermissiveS3', 'x-amz-request-id': 'PERMISSIVE' };
}
