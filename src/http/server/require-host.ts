import type { RequestHandler } from 'express';
import { RequestError } from '../../common/request/request-error.js';

/** RFC 9112 3.2: a request of HTTP/1.1 names the host that it is for. */
export const requireHost: RequestHandler = (request, _response, next) => {
  if (request.headers.host !== undefined || request.httpVersion !== '1.1') next();
  else next(new RequestError('MalformedHttp', 'The request is not valid HTTP: it has no Host header.'));
};
