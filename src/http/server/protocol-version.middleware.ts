import type { RequestHandler } from 'express';
import { PROTOCOL_VERSION } from '../../common/protocol-version.js';

/** Adds Databend's version to every answer, as Databend does; clients may read it from any. */
export const protocolVersion: RequestHandler = (_request, response, next) => {
  response.setHeader('x-databend-version', PROTOCOL_VERSION);
  next();
};
