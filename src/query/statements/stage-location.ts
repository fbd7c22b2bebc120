import { STREAMING_LOAD_STAGE } from '../../stages/catalog/stage-name.js';
import { QueryError } from '../query-error.js';

const PLACEHOLDER =
  'placeholder @_databend_upload as location: should be used in streaming_load handler or replaced in client.';

/** `@name/path`, taken apart. */
export interface StageLocation {
  readonly stageName: string;
  /** As it is written; empty for the stage itself. */
  readonly path: string;
}

/** @throws QueryError of kind `BadArguments`, in Databend's words. */
export function stageLocation(text: string): StageLocation {
  if (!text.startsWith('@'))
    throw bad(`location must start with @, but got ${JSON.stringify(text.slice(0, 100))}`);
  const slash = text.indexOf('/');
  const stageName = slash === -1 ? text.slice(1) : text.slice(1, slash);
  if (stageName === '') throw bad('stage path must include a stage name');
  if (stageName === STREAMING_LOAD_STAGE) throw bad(PLACEHOLDER);
  return { stageName, path: slash === -1 ? '' : text.slice(slash + 1) };
}

/** On a disk, and in what is uploaded, a path may not climb. @throws QueryError of kind `BadArguments`. */
export function assertNoTraversal(
  path: string,
  { dotComponents }: { readonly dotComponents: boolean },
): void {
  if (dotComponents || !path.split('/').includes('..')) return;
  throw bad(`stage path traversal is not allowed by stage_path_traversal_policy: ${path.slice(0, 200)}`);
}

function bad(message: string): QueryError {
  return new QueryError('BadArguments', message);
}
