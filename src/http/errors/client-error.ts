import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { RequestError } from '../request/request-error.js';
import { reportFault } from '../request/request-fault.js';
import { closeGently } from '../server/gentle-close.js';
import { parserError, wasNoRequest, type ParserFailure } from './parser-error.js';
import { rawAnswer } from './raw-answer.js';

const BROKEN =
  'The request is not valid HTTP: a chunk of its body cannot be read. Send it again, with whole chunks.';
const CUT = 'The client left before the body of its request was whole. Send it again.';

/** The last request of a connection. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * Answers, as JSON like everything else, what Node gives to no handler: floods of headers, broken framing, headers that
 * take forever, CONNECT. A request that was accepted before has the only answer of its connection, which is then closed: bytes behind
 * a request are nobody's, and a second answer would contradict the first.
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
    if (closing.has(socket)) return; // what else comes is thrown away
    closing.add(socket);
    const exchange = exchanges.get(socket);
    if (!socket.writable || error.code === 'ECONNRESET') socket.destroy();
    else if (exchange !== undefined && !exchange.response.writableFinished) endAfter(exchange, socket, error);
    else if (exchange !== undefined && wasNoRequest(error)) closeGently(socket);
    else {
      socket.write(rawAnswer(parserError(error)));
      closeGently(socket);
    }
  });
}

/** The request's own answer ends the connection. What has changed nothing yet is told that it may not. */
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
  // Node closes with it, under what the client still sends: that would reset the connection, and take the answer away.
  Object.assign(socket, {
    destroySoon: () => {
      closeGently(socket);
    },
  });
}

/** `Allow` is empty: what CONNECT names is no resource of this server (RFC 9110 9.3.6 and 10.2.1). */
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
