import type { RequestHandler } from 'express';
import { PROTOCOL_VERSION } from '../../common/protocol-version.js';

/** Databend says its version with every answer, and clients may look for it in any. */
export const protocolVersion: RequestHandler = (_request, response, next) => {
  response.setHeader('x-databend-version', PROTOCOL_VERSION);
  next();
};
