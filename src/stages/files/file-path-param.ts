import type { Request } from 'express';
import { StageError } from '../stage-error.js';

/**
 * The file's path in its stage, from a URL `/v1/stages/{name}/files/{path}` as it came: a client may escape any character,
 * slashes too. Empty where the URL names no file.
 *
 * @throws StageError of kind `InvalidRequest` where the path is no percent-encoded UTF-8.
 */
export function filePath(request: Request): string {
  const [, raw = ''] = /^\/v1\/stages\/[^/]+\/files\/(.*)$/.exec(request.path) ?? [];
  try {
    return decodeURIComponent(raw);
  } catch {
    throw new StageError('InvalidRequest', 'The path in the URL is not valid percent-encoded UTF-8.');
  }
}
