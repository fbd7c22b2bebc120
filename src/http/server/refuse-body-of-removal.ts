import type { RequestHandler } from 'express';
import { declaresBody } from '../../common/request/declares-body.js';
import { RequestError } from '../../common/request/request-error.js';
import { faultOf } from '../../common/request/request-fault.js';

/**
 * A removal takes no body (RFC 9110 9.3.5 gives it no meaning): one whose body is broken, or that was never declared, would
 * be done before anybody has looked. What came with the headers is looked at first.
 */
export const refuseBodyOfRemoval: RequestHandler = (request, _response, next) => {
  if (request.method !== 'DELETE') {
    next();
    return;
  }
  if (declaresBody(request)) {
    next(
      new RequestError('InvalidRequest', 'A removal takes no body, and nothing was removed: leave it out.'),
    );
    return;
  }
  // Node's parser tells of bytes behind the request when it has told of the request.
  setImmediate(() => {
    next(faultOf(request));
  });
};
