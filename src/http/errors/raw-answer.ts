import { STATUS_CODES } from 'node:http';
import type { RequestError } from '../request/request-error.js';
import { errorAnswer } from './error-answer.js';

/** Returns the bytes of an answer for a request without a response object. They end the connection. */
export function rawAnswer(error: RequestError): string {
  const { status, headers, body } = errorAnswer(error);
  const text = JSON.stringify(body);
  return [
    `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${String(Buffer.byteLength(text))}`,
    '',
    text,
  ].join('\r\n');
}
