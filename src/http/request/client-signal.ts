import type { ServerResponse } from 'node:http';
import { onFault } from './request-fault.js';

/** Aborts when the client disconnects before it has received the whole answer, and when its user is out meanwhile. */
export function clientSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  onFault(response.req, ({ kind }) => {
    if (kind === 'OutMeanwhile') controller.abort();
  });
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}
