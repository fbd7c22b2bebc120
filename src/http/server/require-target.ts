import type { RequestHandler } from 'express';
import { RequestError } from '../../common/request/request-error.js';

/** Is it said for which host and which resource the request is (RFC 9112 3.2)? Node takes one without a Host, and with a fragment. */
export const requireTarget: RequestHandler = (request, _response, next) => {
  if (request.headers.host === undefined && request.httpVersion === '1.1') {
    next(new RequestError('MalformedHttp', 'The request is not valid HTTP: it has no Host header.'));
  } else if (request.url.includes('#')) {
    const message =
      'The URL holds a #, which no request may send. Where it is a part of a name, write it as %23.';
    next(new RequestError('InvalidRequest', message));
  } else next();
};
