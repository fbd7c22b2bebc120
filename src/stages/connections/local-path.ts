import { StageError } from '../stage-error.js';

/**
 * Rejects local paths that are not written as `fs:///path/`, with Databend's messages.
 *
 * @throws StageError of kind `InvalidLocation`.
 */
export function assertNoLocalPath(url: string): void {
  const problem = validatePath(url);
  if (problem !== undefined) throw new StageError('InvalidLocation', problem);
}

function validatePath(url: string): string | undefined {
  if (url.startsWith('/')) return 'local filesystem paths must use fs:///path/ instead of /path/';
  if (/^file:/i.test(url)) return 'local filesystem paths must use fs:///path/ instead of file:///path/';
  return /^fs:\/\/(?!\/)/i.test(url) ? 'fs locations must start with fs:///' : undefined;
}
