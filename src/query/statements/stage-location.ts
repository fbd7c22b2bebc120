import { STREAMING_LOAD_STAGE } from '../../stages/catalog/stage-name.js';
import { QueryError } from '../query-error.js';

const PLACEHOLDER =
  'placeholder @_databend_upload as location: should be used in streaming_load handler or replaced in client.';

/** The parts of `@name/path`. */
export interface StageLocation {
  readonly stageName: string;
  /** Unchanged from the statement; empty for the stage itself. */
  readonly path: string;
}

/** Parses `@name/path`. @throws QueryError of kind `BadArguments`, with Databend's text. */
export function stageLocation(text: string): StageLocation {
  if (!text.startsWith('@'))
    throw badArguments(`location must start with @, but got ${JSON.stringify(text.slice(0, 100))}`);
  const slash = text.indexOf('/');
  const stageName = slash === -1 ? text.slice(1) : text.slice(1, slash);
  if (stageName === '') throw badArguments('stage path must include a stage name');
  if (stageName === STREAMING_LOAD_STAGE) throw badArguments(PLACEHOLDER);
  return { stageName, path: slash === -1 ? '' : text.slice(slash + 1) };
}

/** Rejects `..` in a path, unless the store allows it in keys. @throws QueryError of kind `BadArguments`. */
export function assertNoTraversal(
  path: string,
  { dotComponents }: { readonly dotComponents: boolean },
): void {
  if (dotComponents || !path.split('/').includes('..')) return;
  throw badArguments(
    `stage path traversal is not allowed by stage_path_traversal_policy: ${path.slice(0, 200)}`,
  );
}

function badArguments(message: string): QueryError {
  return new QueryError('BadArguments', message);
}
