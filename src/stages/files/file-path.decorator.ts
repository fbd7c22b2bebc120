import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { RequestError } from '../../http/request/request-error.js';

/**
 * The file's path in its stage, from a URL `/v1/stages/{name}/files/{path}` as it came: a client may escape any character,
 * slashes too. Empty where the URL names no file. A path that is no percent-encoded UTF-8 is a RequestError.
 */
export const FilePath = createParamDecorator((_data: undefined, context: ExecutionContext): string => {
  const { path } = context.switchToHttp().getRequest<Request>();
  const [, raw = ''] = /^\/v1\/stages\/[^/]+\/files\/(.*)$/.exec(path) ?? [];
  try {
    return decodeURIComponent(raw);
  } catch {
    throw new RequestError('InvalidRequest', 'The path in the URL is not valid percent-encoded UTF-8.');
  }
});
