import { STATUS_CODES, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * Answers, as JSON like everything else, what Node's HTTP parser refuses before there is a request: floods of headers,
 * broken framing, headers that take forever.
 */
export function answerClientErrors(server: Server): void {
  const running = new WeakMap<Duplex, ServerResponse>();
  server.on('request', (request, response) => {
    running.set(request.socket, response);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const response = running.get(socket);
    const isInAnswer = response !== undefined && response.headersSent && !response.writableFinished;
    if (!socket.writable || isInAnswer || error.code === 'ECONNRESET') socket.destroy();
    else socket.end(rawAnswer(error));
  });
}

function rawAnswer(error: NodeJS.ErrnoException): string {
  const { status, message } = verdict(error);
  const body = JSON.stringify({ error: { code: status, message } });
  return [
    `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${String(Buffer.byteLength(body))}`,
    '',
    body,
  ].join('\r\n');
}

function verdict(error: NodeJS.ErrnoException): { status: number; message: string } {
  if (error.code === 'HPE_HEADER_OVERFLOW') {
    return { status: 431, message: 'The request headers are too large: send fewer or shorter ones.' };
  }
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return { status: 408, message: 'The request headers took too long to arrive.' };
  }
  return { status: 400, message: `The request is not valid HTTP: ${error.message}.` };
}
