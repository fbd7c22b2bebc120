import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { RequestError } from '../../http/request/request-error.js';

/**
 * Extracts the file's path in its stage from a URL `/v1/stages/{name}/files/{path}`. A client may escape any character,
 * slashes too. Empty if the URL names no file.
 *
 * @throws RequestError for a path that is not percent-encoded UTF-8.
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
