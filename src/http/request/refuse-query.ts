import type { IncomingMessage } from 'node:http';
import { RequestError } from './request-error.js';

/**
 * For routes that take no query.
 *
 * @param advice what to write instead.
 * @throws RequestError that names the parameters.
 */
export function refuseQuery({ url = '' }: IncomingMessage, advice = 'this route takes none.'): void {
  const mark = url.indexOf('?');
  if (mark === -1) return;
  const names = [...new Set(new URLSearchParams(url.slice(mark)).keys())].slice(0, 10);
  const given = names.length === 0 ? 'a query' : `the parameter ${names.join(', ')}`;
  throw new RequestError('InvalidRequest', `The URL has ${given.slice(0, 200)}: ${advice}`);
}

/** For routes whose URL ends in a file's name. */
export function refuseQueryOfFile(request: IncomingMessage): void {
  refuseQuery(
    request,
    'the route of a file takes none. Where the ? is a part of the file name, write it as %3F.',
  );
}
