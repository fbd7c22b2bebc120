import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { RequestError } from '../request/request-error.js';
import { reportFault } from '../request/request-fault.js';
import { closeGently } from '../server/gentle-close.js';
import { parserError, isNoRequest, type ParserFailure } from './parser-error.js';
import { rawAnswer } from './raw-answer.js';

const BROKEN =
  'The request is not valid HTTP: a chunk of its body cannot be read. Send it again, with whole chunks.';
const CUT = 'The client left before the body of its request was whole. Send it again.';

/** The latest request of a connection. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * Answers, in JSON, errors that Node reports to no handler: too many headers, broken framing, slow headers, CONNECT. If
 * a request was already accepted, its own answer is the only one of the connection, which is then closed: bytes after
 * that request belong to nobody, and a second answer would contradict the first.
 */
export function answerClientErrors(server: Server): void {
  const exchanges = new WeakMap<Duplex, Exchange>();
  const closing = new WeakSet<Duplex>();
  server.on('request', (request, response) => {
    exchanges.set(request.socket, { request, response });
  });
  server.on('connect', (_request, socket: Duplex) => {
    closing.add(socket);
    const answer = (): void => {
      if (!socket.writable) return;
      socket.write(rawAnswer(noTunnel()));
      closeGently(socket);
    };
    const response = exchanges.get(socket)?.response;
    if (response === undefined || response.closed) answer();
    else response.once('close', answer);
  });
  server.on('clientError', (error: ParserFailure, socket: Duplex) => {
    if (closing.has(socket)) return; // further bytes are discarded
    closing.add(socket);
    const exchange = exchanges.get(socket);
    if (!socket.writable || error.code === 'ECONNRESET') socket.destroy();
    else if (exchange !== undefined && !exchange.response.writableFinished) endAfter(exchange, socket, error);
    else if (exchange !== undefined && isNoRequest(error)) closeGently(socket);
    else {
      socket.write(rawAnswer(parserError(error)));
      closeGently(socket);
    }
  });
}

/** Lets the request's own answer end the connection. Stops requests that have changed nothing yet. */
function endAfter({ request, response }: Exchange, socket: Duplex, { code }: NodeJS.ErrnoException): void {
  const broken = code === 'HPE_INVALID_EOF_STATE' ? CUT : BROKEN;
  reportFault(request, request.complete ? surplus() : new RequestError('BrokenBody', broken));
  if (response.headersSent) {
    response.once('finish', () => {
      closeGently(socket);
    });
    return;
  }
  response.shouldKeepAlive = false;
  // Node would close the connection while the client still sends: that resets it, and the client loses the answer.
  Object.assign(socket, {
    destroySoon: () => {
      closeGently(socket);
    },
  });
}

/** Answers CONNECT. `Allow` is empty: its target is no resource of this server (RFC 9110 9.3.6 and 10.2.1). */
function noTunnel(): RequestError {
  const message =
    'method not allowed: CONNECT. This server is no proxy: ask it by the path of one of its routes.';
  return new RequestError('MethodNotAllowed', message, { context: { allow: '' } });
}

function surplus(): RequestError {
  return new RequestError(
    'SurplusBytes',
    'More bytes have come than the request has declared: nothing was changed. ' +
      'Count bytes, not characters, for Content-Length, and send the request again.',
  );
}
